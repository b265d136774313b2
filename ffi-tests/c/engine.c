/* The engine on hand-written cases: broadcasting, overlap, casts, every dtype, odd item sizes, unaligned data, and
 * views that lie flush against pages that can not be touched. */
#define _GNU_SOURCE

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

static strided_view make(void *data, int32_t dtype, int32_t ndim, const int64_t *shape, const int64_t *strides)
{
    strided_view v;
    memset(&v, 0, sizeof v);
    CHECK_OK(strided_view_init(&v, data, dtype, ndim, shape, strides, STRIDED_ORDER_C));
    return v;
}

static strided_view line(void *data, int32_t dtype, int64_t n)
{
    return make(data, dtype, 1, &n, NULL);
}

#define SAME(array, ...) CHECK(memcmp((array), (__VA_ARGS__), sizeof(__VA_ARGS__)) == 0)

static void test_broadcasting(void)
{
    double a[6] = {1, 2, 3, 4, 5, 6}, row[3] = {10, 20, 30}, column[2] = {100, 200}, out[6], x = 5;
    strided_view va = make(a, STRIDED_F64, 2, I64(2, 3), NULL), vr = line(row, STRIDED_F64, 3);
    strided_view vc = make(column, STRIDED_F64, 2, I64(2, 1), NULL), vo = make(out, STRIDED_F64, 2, I64(2, 3), NULL);
    strided_view vx = make(&x, STRIDED_F64, 0, NULL, NULL);
    CHECK_OK(strided_add(&va, &vr, &vo));
    SAME(out, (double[]){11, 22, 33, 14, 25, 36});
    CHECK_OK(strided_multiply(&vc, &vr, &vo));
    SAME(out, (double[]){1000, 2000, 3000, 2000, 4000, 6000});
    CHECK_OK(strided_subtract(&vx, &va, &vo));
    SAME(out, (double[]){4, 3, 2, 1, 0, -1});
    CHECK_OK(strided_binary(STRIDED_DIVIDE, &va, &vc, &vo));
    SAME(out, (double[]){1 / 100., 2 / 100., 3 / 100., 4 / 200., 5 / 200., 6 / 200.});
    CHECK_OK(strided_add(&vx, &vx, &vo)); /* the output may be larger than the broadcast inputs */
    SAME(out, (double[]){10, 10, 10, 10, 10, 10});
    CHECK_OK(strided_copy(&vr, &vo));
    SAME(out, (double[]){10, 20, 30, 10, 20, 30});
    CHECK_OK(strided_fill(&vo, STRIDED_F64, &x));
    SAME(out, (double[]){5, 5, 5, 5, 5, 5});
}

static void test_empty_and_0d(void)
{
    double a[4] = {1, 2, 3, 4}, out[4] = {7, 7, 7, 7}, x = 2, y = 3, z = 0;
    strided_view none = line(a, STRIDED_F64, 0), nothing = line(out, STRIDED_F64, 0);
    strided_view vx = make(&x, STRIDED_F64, 0, NULL, NULL), vy = make(&y, STRIDED_F64, 0, NULL, NULL);
    strided_view vz = make(&z, STRIDED_F64, 0, NULL, NULL), v0 = make(a, STRIDED_F64, 2, I64(0, 3), NULL);
    strided_view three = line(out, STRIDED_F64, 3);
    CHECK_OK(strided_add(&none, &vx, &nothing));
    CHECK_OK(strided_copy(&none, &nothing));
    CHECK_OK(strided_fill(&nothing, STRIDED_F64, &x));
    SAME(out, (double[]){7, 7, 7, 7});
    CHECK_OK(strided_multiply(&vx, &vy, &vz));
    CHECK(z == 6);
    CHECK_OK(strided_sum(&vx, 0, NULL, 0, &vz));
    CHECK(z == 2);
    CHECK_OK(strided_sum(&v0, 1, I32(0), 0, &three));
    SAME(out, (double[]){0, 0, 0, 7});
    CHECK_OK(strided_prod(&v0, 1, I32(0), 0, &three));
    SAME(out, (double[]){1, 1, 1, 7});
    CHECK_STATUS(strided_min(&v0, 1, I32(0), 0, &three), STRIDED_E_EMPTY);
    SAME(out, (double[]){1, 1, 1, 7});
    CHECK_OK(strided_max(&v0, 1, I32(1), 0, &nothing)); /* no outputs: nothing is missing */
}

static void test_a_plus_its_transpose(void)
{
    enum { N = 67 };
    static double a[N * N], b[N * N];
    int i, j, bad = 0;
    strided_view v = make(a, STRIDED_F64, 2, I64(N, N), NULL), t;
    for (i = 0; i < N * N; ++i)
        a[i] = b[i] = i * i % 1009;
    CHECK_OK(strided_view_transpose(&v, NULL, &t));
    CHECK_OK(strided_add(&v, &t, &v));
    for (i = 0; i < N; ++i)
        for (j = 0; j < N; ++j)
            bad += a[i * N + j] != b[i * N + j] + b[j * N + i];
    CHECK(bad == 0);
    memcpy(a, b, sizeof a);
    CHECK_OK(strided_copy(&t, &v)); /* transposed in place */
    for (i = 0; i < N; ++i)
        for (j = 0; j < N; ++j)
            bad += a[i * N + j] != b[j * N + i];
    CHECK(bad == 0);
}

/* Shifts by every distance in both directions, and reversals, for several item sizes. */
static void test_shifts_and_reversals(void)
{
    static const int32_t dtypes[] = {STRIDED_U8, STRIDED_I16, STRIDED_F32, STRIDED_F64, STRIDED_C128};
    size_t d;
    for (d = 0; d < sizeof dtypes / sizeof dtypes[0]; ++d) {
        static unsigned char block[80 * 16], was[80 * 16];
        int64_t size = strided_dtype_size(dtypes[d]), shift, n;
        for (n = 0; n <= 70; n += n < 20 ? 1 : 25)
            for (shift = -9; shift <= 9; ++shift) {
                strided_view from, to;
                unsigned char *start = block + (shift < 0 ? -shift : 0) * size;
                int64_t k;
                for (k = 0; k < 80 * 16; ++k)
                    block[k] = was[k] = (unsigned char)(k * 7 + k / 100);
                from = line(start, dtypes[d], n);
                to = line(start + shift * size, dtypes[d], n);
                CHECK_OK(strided_copy(&from, &to));
                memmove(was + (start - block) + shift * size, was + (start - block), (size_t)(n * size));
                CHECK(memcmp(block, was, sizeof was) == 0);
                if (n > 0)
                    CHECK_OK(strided_view_flip(&to, 0, NULL, &from));
                else
                    from = to;
                CHECK_OK(strided_copy(&from, &to)); /* reversed in place */
                for (k = 0; k < n; ++k)
                    if (memcmp(block + (start - block) + (shift + k) * size,
                               was + (start - block) + (shift + n - 1 - k) * size, (size_t)size) != 0)
                        break;
                CHECK(k == n);
            }
    }
}

static void test_saturating_casts(void)
{
    double x[8];
    int8_t i8[8];
    uint8_t u8[8];
    int32_t i32[8];
    int64_t i64[8];
    uint64_t u64[8];
    strided_view v = line(x, STRIDED_F64, 8), o;
    x[0] = NAN, x[1] = INFINITY, x[2] = -INFINITY, x[3] = 127.9, x[4] = -128.9, x[5] = -0.5, x[6] = 1e30, x[7] = -1e30;
    o = line(i8, STRIDED_I8, 8);
    CHECK_OK(strided_copy_cast(&v, &o, STRIDED_CAST_UNSAFE));
    SAME(i8, (int8_t[]){0, 127, -128, 127, -128, 0, 127, -128});
    o = line(u8, STRIDED_U8, 8);
    CHECK_OK(strided_copy_cast(&v, &o, STRIDED_CAST_UNSAFE));
    SAME(u8, (uint8_t[]){0, 255, 0, 127, 0, 0, 255, 0});
    o = line(i32, STRIDED_I32, 8);
    CHECK_OK(strided_copy_cast(&v, &o, STRIDED_CAST_UNSAFE));
    SAME(i32, (int32_t[]){0, INT32_MAX, INT32_MIN, 127, -128, 0, INT32_MAX, INT32_MIN});
    o = line(i64, STRIDED_I64, 8);
    CHECK_OK(strided_copy_cast(&v, &o, STRIDED_CAST_UNSAFE));
    SAME(i64, (int64_t[]){0, INT64_MAX, INT64_MIN, 127, -128, 0, INT64_MAX, INT64_MIN});
    o = line(u64, STRIDED_U64, 8);
    CHECK_OK(strided_copy_cast(&v, &o, STRIDED_CAST_UNSAFE));
    SAME(u64, (uint64_t[]){0, UINT64_MAX, 0, 127, 0, 0, UINT64_MAX, 0});
}

static void test_bool(void)
{
    static const uint8_t a[4] = {0, 1, 0, 1}, b[4] = {0, 0, 1, 1};
    uint8_t out[4] = {9, 9, 9, 9};
    double x[4] = {0, -0.0, NAN, 0.25};
    int64_t count = -1;
    strided_view va = line((void *)(uintptr_t)a, STRIDED_BOOL, 4), vb = line((void *)(uintptr_t)b, STRIDED_BOOL, 4);
    strided_view vo = line(out, STRIDED_BOOL, 4), vx = line(x, STRIDED_F64, 4), vc = make(&count, STRIDED_I64, 0, NULL, NULL);
    CHECK_OK(strided_add(&va, &vb, &vo));
    SAME(out, (uint8_t[]){0, 1, 1, 1});
    CHECK_OK(strided_multiply(&va, &vb, &vo));
    SAME(out, (uint8_t[]){0, 0, 0, 1});
    CHECK_STATUS(strided_subtract(&va, &vb, &vo), STRIDED_E_DTYPE);
    SAME(out, (uint8_t[]){0, 0, 0, 1});
    CHECK_OK(strided_copy_cast(&vx, &vo, STRIDED_CAST_UNSAFE));
    SAME(out, (uint8_t[]){0, 0, 1, 1});
    CHECK_OK(strided_sum(&va, 0, NULL, 0, &vc));
    CHECK(count == 2);
}

static void test_half_floats(void)
{
    uint16_t h[6] = {0x3C00, 0x7BFF, 0x0001, 0x7C00, 0x7E00, 0x8000}, sum[6];
    float f[6], g[3] = {65519.0f, 65520.0f, 1.00048828125f}; /* below and at the edge of infinity, half way */
    uint16_t b[3];
    strided_view vh = line(h, STRIDED_F16, 6), vs = line(sum, STRIDED_F16, 6), vf = line(f, STRIDED_F32, 6);
    strided_view vg = line(g, STRIDED_F32, 3), vb = line(b, STRIDED_F16, 3);
    CHECK_OK(strided_copy(&vh, &vf));
    CHECK(f[0] == 1 && f[1] == 65504 && f[2] == 0x1p-24f && isinf(f[3]) && isnan(f[4]) && f[5] == 0 && signbit(f[5]));
    CHECK_OK(strided_add(&vh, &vh, &vs));
    CHECK(sum[0] == 0x4000 && sum[1] == 0x7C00 && sum[2] == 0x0002 && sum[3] == 0x7C00 && sum[5] == 0x8000);
    CHECK_OK(strided_copy(&vg, &vb));
    SAME(b, (uint16_t[]){0x7BFF, 0x7C00, 0x3C00});
    vb = line(b, STRIDED_BF16, 3);
    CHECK_OK(strided_copy(&vg, &vb));
    SAME(b, (uint16_t[]){0x4780, 0x4780, 0x3F80});
}

static void test_complex(void)
{
    double a[4] = {1, 2, 3, -4}, b[4] = {5, -6, 0, 2}, out[4], total[2];
    float narrow[4];
    strided_view va = line(a, STRIDED_C128, 2), vb = line(b, STRIDED_C128, 2), vo = line(out, STRIDED_C128, 2);
    strided_view vn = line(narrow, STRIDED_C64, 2), vt = make(total, STRIDED_C128, 0, NULL, NULL), imag;
    CHECK_OK(strided_add(&va, &vb, &vo));
    SAME(out, (double[]){6, -4, 3, -2});
    CHECK_OK(strided_multiply(&va, &vb, &vo));
    SAME(out, (double[]){17, 4, 8, 6});
    CHECK_OK(strided_divide(&va, &vb, &vo));
    CHECK(fabs(out[0] - -7 / 61.) < 1e-16 && fabs(out[1] - 16 / 61.) < 1e-16 && out[2] == -2 && out[3] == -1.5);
    CHECK_OK(strided_sum(&va, 0, NULL, 0, &vt));
    SAME(total, (double[]){4, -2});
    CHECK_OK(strided_copy(&va, &vn));
    SAME(narrow, (float[]){1, 2, 3, -4});
    CHECK_OK(strided_view_imag(&va, &imag));
    CHECK_OK(strided_subtract(&imag, &imag, &imag));
    SAME(a, (double[]){1, 0, 3, 0});
}

static void test_mixed_dtypes(void)
{
    int32_t i[3] = {1, -2, 3};
    uint8_t u[3] = {200, 100, 0};
    float f[3] = {0.5f, 0.25f, 0.125f};
    double d[3];
    int64_t w[3];
    int16_t s[3];
    strided_view vi = line(i, STRIDED_I32, 3), vu = line(u, STRIDED_U8, 3), vf = line(f, STRIDED_F32, 3);
    strided_view vd = line(d, STRIDED_F64, 3), vw = line(w, STRIDED_I64, 3), vs = line(s, STRIDED_I16, 3);
    CHECK_OK(strided_add(&vi, &vf, &vd));
    SAME(d, (double[]){1.5, -1.75, 3.125});
    CHECK_OK(strided_multiply(&vi, &vu, &vw));
    SAME(w, (int64_t[]){200, -200, 0});
    CHECK_OK(strided_multiply(&vi, &vu, &vs)); /* same kind: narrowed */
    SAME(s, (int16_t[]){200, -200, 0});
    CHECK_OK(strided_divide(&vi, &vu, &vd));
    CHECK(d[0] == 1 / 200. && d[1] == -0.02 && isinf(d[2]));
    i[0] = INT32_MAX, i[1] = INT32_MIN, i[2] = -1;
    CHECK_OK(strided_add(&vi, &vi, &vw)); /* computed in i32, where it wraps, then widened */
    SAME(w, (int64_t[]){-2, 0, -2});
}

static void test_opaque_items(void)
{
    static const int64_t sizes[] = {1, 2, 3, 5, 8, 12, 16, 24, 100};
    size_t s;
    for (s = 0; s < sizeof sizes / sizeof sizes[0]; ++s) {
        enum { ROWS = 9, COLUMNS = 7 };
        static unsigned char from[ROWS * COLUMNS * 100], to[ROWS * COLUMNS * 100 + 2];
        int64_t size = sizes[s], i, j, bad = 0, n = ROWS * COLUMNS * size;
        strided_view v, o;
        for (i = 0; i < n; ++i)
            from[i] = (unsigned char)(i * 31 + i / 77);
        memset(to, 0xA5, sizeof to);
        CHECK_OK(strided_view_init_opaque(&v, from, size, 2, I64(ROWS, COLUMNS), NULL, STRIDED_ORDER_C));
        CHECK_OK(strided_view_init_opaque(&o, to + 1, size, 2, I64(COLUMNS, ROWS), NULL, STRIDED_ORDER_C));
        CHECK_OK(strided_view_transpose(&v, NULL, &v));
        CHECK_OK(strided_copy(&v, &o));
        for (i = 0; i < COLUMNS; ++i)
            for (j = 0; j < ROWS; ++j)
                bad += memcmp(to + 1 + (i * ROWS + j) * size, from + (j * COLUMNS + i) * size, (size_t)size) != 0;
        CHECK(bad == 0 && to[0] == 0xA5 && to[n + 1] == 0xA5);
        CHECK_OK(strided_view_flip(&v, 1, I32(0), &v));
        CHECK_OK(strided_copy(&v, &o));
        CHECK(memcmp(to + 1, from + (COLUMNS - 1) * size, (size_t)size) == 0);
        CHECK_OK(strided_fill(&o, STRIDED_OPAQUE, from + size));
        for (i = 0; i < ROWS * COLUMNS; ++i)
            bad += memcmp(to + 1 + i * size, from + size, (size_t)size) != 0;
        CHECK(bad == 0 && to[0] == 0xA5 && to[n + 1] == 0xA5);
    }
}

static void test_unaligned_data(void)
{
    int shift;
    for (shift = 0; shift < 17; ++shift) {
        unsigned char memory[3][300];
        double x[30], got[30], total = 0;
        strided_view a, b, c, t;
        int i;
        for (i = 0; i < 30; ++i)
            x[i] = i + 0.5;
        memset(memory, 0xA5, sizeof memory);
        memcpy(memory[0] + shift, x, sizeof x);
        memcpy(memory[1] + (shift * 5) % 16, x, sizeof x);
        a = line(memory[0] + shift, STRIDED_F64, 30);
        b = line(memory[1] + (shift * 5) % 16, STRIDED_F64, 30);
        c = line(memory[2] + (shift * 3 + 1) % 16, STRIDED_F64, 30);
        CHECK_OK(strided_add(&a, &b, &c));
        memcpy(got, memory[2] + (shift * 3 + 1) % 16, sizeof got);
        for (i = 0; i < 30 && got[i] == 2 * x[i]; ++i)
            ;
        CHECK(i == 30);
        t = make(&total, STRIDED_F64, 0, NULL, NULL);
        CHECK_OK(strided_sum(&a, 0, NULL, 0, &t));
        CHECK(total == 450);
        CHECK(memory[2][299] == 0xA5 && ((shift * 3 + 1) % 16 == 0 || memory[2][0] == 0xA5));
    }
}

static void test_reductions(void)
{
    double x[6] = {3, -1, NAN, 4, 5, -9}, out[3];
    float many[1000];
    float total = 0;
    int32_t small[3] = {INT32_MAX, INT32_MAX, 2};
    int64_t wide = 0;
    int i;
    strided_view v = make(x, STRIDED_F64, 2, I64(2, 3), NULL), o = line(out, STRIDED_F64, 3), p, t;
    CHECK_OK(strided_max(&v, 1, I32(0), 0, &o));
    CHECK(out[0] == 4 && out[1] == 5 && isnan(out[2]));
    CHECK_OK(strided_min(&v, 1, I32(-2), 0, &o));
    CHECK(out[0] == 3 && out[1] == -1 && isnan(out[2]));
    CHECK_OK(strided_sum(&v, 0, I32(0), 0, &v)); /* no axes at all: a copy, here onto itself */
    CHECK(x[0] == 3 && isnan(x[2]) && x[5] == -9);
    p = make(out, STRIDED_F64, 2, I64(2, 1), NULL);
    CHECK_OK(strided_sum(&v, 1, I32(1), 1, &p));
    CHECK(isnan(out[0]) && out[1] == 0);
    for (i = 0; i < 1000; ++i)
        many[i] = 0.1f;
    v = line(many, STRIDED_F32, 1000), t = make(&total, STRIDED_F32, 0, NULL, NULL);
    CHECK_OK(strided_sum(&v, 0, NULL, 0, &t));
    CHECK(fabs(total - 100.0f) < 2e-5);
    v = line(small, STRIDED_I32, 3), t = make(&wide, STRIDED_I64, 0, NULL, NULL);
    CHECK_OK(strided_sum(&v, 0, NULL, 0, &t));
    CHECK(wide == 2 * (int64_t)INT32_MAX + 2);
    CHECK_OK(strided_prod(&v, 0, NULL, 0, &t));
    CHECK(wide == (int64_t)(2 * (uint64_t)INT32_MAX * INT32_MAX));
    CHECK_OK(strided_reduce(STRIDED_MIN, &v, 0, NULL, 0, &t));
    CHECK(wide == 2);
}

static void test_running_operations(void)
{
    double a[6] = {3, 1, 2, 5, 4, 0}, out[6];
    unsigned char small[3] = {200, 100, 50};
    uint64_t sums[3];
    strided_view v = make(a, STRIDED_F64, 2, I64(2, 3), NULL), o = make(out, STRIDED_F64, 2, I64(2, 3), NULL), s;
    int32_t dtype = -1;
    CHECK_OK(strided_cumulative_sum(&v, 1, &o));
    SAME(out, (double[]){3, 4, 6, 5, 9, 9});
    CHECK_OK(strided_cumulative_prod(&v, -2, &o));
    SAME(out, (double[]){3, 1, 2, 15, 4, 0});
    CHECK_OK(strided_cumulative_min(&v, 1, &o));
    SAME(out, (double[]){3, 1, 1, 5, 4, 0});
    CHECK_OK(strided_accumulate(STRIDED_CUMULATIVE_MAX, &v, 1, &v)); /* in place */
    SAME(a, (double[]){3, 3, 3, 5, 5, 5});
    CHECK_OK(strided_accumulate_result_type(STRIDED_CUMULATIVE_SUM, STRIDED_U8, &dtype));
    CHECK(dtype == STRIDED_U64);
    v = line(small, STRIDED_U8, 3), s = line(sums, STRIDED_U64, 3);
    CHECK_OK(strided_cumulative_sum(&v, 0, &s));
    SAME(sums, (uint64_t[]){200, 300, 350});
}

/* Items of the output that are wider than those of the input and of what is summed up in; the input lies column by
 * column, so that the results can not be written as they come. */
static void test_reductions_into_wider_outputs(void)
{
    enum { ROWS = 70, COLUMNS = 45 };
    static unsigned char from[ROWS * COLUMNS * 16];
    static double to[ROWS * COLUMNS * 2 + 2];
    int32_t in, out, axis;
    for (in = STRIDED_BOOL; in < STRIDED_OPAQUE; ++in)
        for (out = STRIDED_BOOL; out < STRIDED_OPAQUE; ++out)
            for (axis = -1; axis < 2; ++axis) {
                static const unsigned char one = 1;
                const int64_t size = strided_dtype_size(in);
                strided_view v = make(from, in, 2, I64(ROWS, COLUMNS), I64(size, ROWS * size)), o, first;
                int64_t n = axis == 0 ? COLUMNS : ROWS;
                double x[2] = {0, 0};
                int32_t can = 0;
                char name[80];
                snprintf(name, sizeof name, "max of %s into %s, axis %d", strided_dtype_name(in), strided_dtype_name(out),
                         (int)axis);
                CHECK_OK(strided_can_cast(in, out, STRIDED_CAST_SAME_KIND, &can));
                if (!can)
                    continue;
                o = axis < 0 ? make(to, out, 2, I64(ROWS, COLUMNS), NULL) : make(to, out, 1, &n, NULL);
                CHECK_OK(strided_fill(&v, STRIDED_BOOL, &one));
                memset(to, 0, sizeof to);
                CHECK_NAMED(strided_max(&v, axis < 0 ? 0 : 1, &axis, 0, &o) == STRIDED_OK, name);
                CHECK_OK(strided_view_index(&o, 1, (const strided_index[]){{STRIDED_INDEX_AT, 0, -1, 0, 0}}, &o));
                if (o.ndim == 1)
                    CHECK_OK(strided_view_index(&o, 1, (const strided_index[]){{STRIDED_INDEX_AT, 0, -1, 0, 0}}, &o));
                first = make(x, STRIDED_C128, 0, NULL, NULL);
                CHECK_OK(strided_copy(&o, &first));
                CHECK_NAMED(x[0] == 1 && x[1] == 0 && to[ROWS * COLUMNS * 2] == 0, name);
            }
}

struct visit {
    int64_t elements, runs;
    double sum;
};

static void visit(void *ctx, int64_t count, void *const *pointers, const int64_t *strides)
{
    struct visit *visit = ctx;
    int64_t i;
    ++visit->runs;
    visit->elements += count;
    for (i = 0; i < count; ++i)
        visit->sum += *(double *)(void *)((char *)pointers[0] + i * strides[0]) *
                      *(double *)(void *)((char *)pointers[1] + i * strides[1]);
}

static void test_foreach(void)
{
    static double a[20 * 30], row[30];
    const strided_view *views[2];
    struct visit seen = {0, 0, 0};
    strided_view va = make(a, STRIDED_F64, 2, I64(20, 30), NULL), vr = line(row, STRIDED_F64, 30);
    double expected = 0;
    int i;
    for (i = 0; i < 600; ++i)
        a[i] = i, row[i % 30] = i % 30 + 1;
    for (i = 0; i < 600; ++i)
        expected += a[i] * row[i % 30];
    views[0] = &va, views[1] = &vr;
    CHECK_OK(strided_foreach(2, views, 0, visit, &seen));
    CHECK(seen.elements == 600 && seen.sum == expected && seen.runs >= 1 && seen.runs <= 30);
    views[1] = &va;
    seen.elements = seen.runs = 0;
    CHECK_OK(strided_view_transpose(&va, NULL, &va));
    CHECK_OK(strided_foreach(2, views, 0, visit, &seen));
    CHECK(seen.elements == 600 && seen.runs == 1); /* both the same: one run, in the order of memory */
    va.shape[0] = 0;
    seen.elements = seen.runs = 0;
    CHECK_OK(strided_foreach(2, views, 0, visit, &seen));
    CHECK(seen.elements == 0);
}

#include "engine_guard.h"

int main(void)
{
    test_broadcasting();
    test_empty_and_0d();
    test_a_plus_its_transpose();
    test_shifts_and_reversals();
    test_saturating_casts();
    test_bool();
    test_half_floats();
    test_complex();
    test_mixed_dtypes();
    test_opaque_items();
    test_unaligned_data();
    test_reductions();
    test_running_operations();
    test_reductions_into_wider_outputs();
    test_foreach();
    test_guard_pages();
    printf("level %s\n", strided_simd_level());
    return CHECK_REPORT();
}
