/* Views that lie flush against pages that can not be touched, before or after: one byte too many is a crash.
 *
 * Part of engine.c. Each operand has pages of its own. Layouts: a contiguous line, a line with a step (`apart`), one reversed,
 * a matrix in either order. Gaps between the elements hold 0xA5 before and after. */
#ifndef STRIDED_TEST_ENGINE_GUARD_H
#define STRIDED_TEST_ENGINE_GUARD_H

enum { LAYOUTS = 5, OPERANDS = 3 };

static unsigned char *pages[OPERANDS]; /* page_bytes bytes that can be used, a forbidden page on both sides */
static size_t page_bytes;
static int64_t apart = 3; /* elements from one to the next of a line with a step */

static int open_pages(void)
{
    long page = sysconf(_SC_PAGESIZE);
    int k;
    page_bytes = (size_t)page * 4;
    for (k = 0; k < OPERANDS; ++k) {
        unsigned char *p = mmap(NULL, page_bytes + 2 * (size_t)page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED || mprotect(p + page, page_bytes, PROT_READ | PROT_WRITE) != 0)
            return 0;
        pages[k] = p + page;
    }
    return 1;
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/* The layout with that number, of about `n` elements, placed at the end of its pages or at their start. */
static strided_view place(int operand, int32_t dtype, int64_t itemsize, int layout, int64_t n, int at_end)
{
    strided_view v;
    int64_t shape[2], strides[2], low = 0, high = itemsize;
    int k, ndim = layout >= 3 ? 2 : 1;
    memset(&v, 0, sizeof v);
    shape[0] = layout < 3 ? n : smaller(n, 5), shape[1] = layout < 3 ? 1 : n / 5 + 1;
    strides[0] = layout == 0 ? itemsize : layout == 1 ? apart * itemsize : layout == 2 ? -itemsize : layout == 3
        ? itemsize * shape[1] : itemsize;
    strides[1] = layout == 4 ? itemsize * shape[0] : itemsize;
    for (k = 0; k < ndim; ++k) {
        int64_t reach = strides[k] * (shape[k] - 1);
        if (reach < 0)
            low += reach;
        else
            high += reach;
    }
    v.data = at_end ? pages[operand] + (int64_t)page_bytes - high : pages[operand] - low;
    v.dtype = dtype, v.itemsize = itemsize, v.ndim = ndim;
    memcpy(v.shape, shape, sizeof shape);
    memcpy(v.strides, strides, sizeof strides);
    return v;
}

/* Marks the bytes of the elements of `v` in a copy of its pages, so that the others can be compared. */
static long gaps_changed(const strided_view *v, int operand)
{
    static unsigned char mine[1 << 18];
    int64_t i, j;
    size_t k;
    long bad = 0;
    memset(mine, 0, page_bytes);
    for (i = 0; i < v->shape[0]; ++i)
        for (j = 0; j < (v->ndim == 2 ? v->shape[1] : 1); ++j) {
            unsigned char *p = (unsigned char *)v->data + i * v->strides[0] + (v->ndim == 2 ? j * v->strides[1] : 0);
            memset(mine + (p - pages[operand]), 1, (size_t)v->itemsize);
        }
    for (k = 0; k < page_bytes; ++k)
        bad += !mine[k] && pages[operand][k] != 0xA5;
    return bad;
}

/* Only the operations are under test here, their results elsewhere: numbers that no operation minds. */
static void fill_ones(const strided_view *v)
{
    static const unsigned char one = 1;
    strided_fill(v, STRIDED_BOOL, &one);
}

static void guard_dtype(int32_t dtype, int64_t n)
{
    int layout, other, end, k;
    int64_t size = strided_dtype_size(dtype);
    unsigned char value[16] = {0};
    for (end = 0; end < 2; ++end)
        for (layout = 0; layout < LAYOUTS; ++layout)
            for (other = 0; other < LAYOUTS; ++other) {
                strided_view a, b, out, total;
                long bad = 0;
                strided_status s;
                char name[100];
                if ((layout < 3) != (other < 3))
                    continue;
                for (k = 0; k < OPERANDS; ++k)
                    memset(pages[k], 0xA5, page_bytes);
                a = place(0, dtype, size, layout, n, end);
                b = place(1, dtype, size, other, n, !end);
                out = place(2, dtype, size, other, n, end);
                snprintf(name, sizeof name, "%s, %ld elements, layouts %d %d, %s", strided_dtype_name(dtype), (long)n,
                         layout, other, end ? "end" : "start");
                fill_ones(&a), fill_ones(&b);
                CHECK_NAMED(strided_copy(&a, &out) == STRIDED_OK, name);
                CHECK_NAMED(strided_add(&a, &b, &out) == STRIDED_OK, name);
                CHECK_NAMED(strided_multiply(&b, &a, &out) == STRIDED_OK, name);
                s = strided_divide(&a, &b, &out);
                CHECK_NAMED(s == (dtype <= STRIDED_U64 ? STRIDED_E_CASTING : STRIDED_OK), name);
                memset(&total, 0, sizeof total);
                total.data = value, total.dtype = dtype, total.itemsize = size;
                s = strided_sum(&a, 0, NULL, 0, &total);
                CHECK_NAMED(s == (dtype == STRIDED_BOOL ? STRIDED_E_CASTING : STRIDED_OK), name);
                CHECK_NAMED(strided_min(&a, 0, NULL, 0, &total) == STRIDED_OK, name);
                if (a.ndim == 2) {
                    strided_view row = place(2, dtype, size, 0, a.shape[1], end);
                    CHECK_NAMED(strided_max(&a, 1, I32(0), 0, &row) == STRIDED_OK, name);
                }
                bad = gaps_changed(&a, 0) + gaps_changed(&b, 1);
                CHECK_NAMED(bad == 0, name);
                memset(pages[2], 0xA5, page_bytes);
                CHECK_NAMED(strided_copy(&b, &out) == STRIDED_OK && gaps_changed(&out, 2) == 0, name);
                memset(pages[2], 0xA5, page_bytes);
                CHECK_NAMED(strided_add(&a, &b, &out) == STRIDED_OK && gaps_changed(&out, 2) == 0, name);
            }
}

static void guard_cast(int32_t from, int32_t to, int64_t n)
{
    int layout, other, end;
    for (end = 0; end < 2; ++end)
        for (layout = 0; layout < 3; ++layout)
            for (other = 0; other < 3; ++other) {
                strided_view a, out;
                char name[100];
                if (under_valgrind() && other != (layout + 2) % 3)
                    continue;
                /* Steps of 2 to 4 have loops of their own. */
                apart = 2 + (n + end + other) % 3;
                memset(pages[0], 0xA5, page_bytes);
                memset(pages[1], 0xA5, page_bytes);
                a = place(0, from, strided_dtype_size(from), layout, n, end);
                out = place(1, to, strided_dtype_size(to), other, n, end);
                fill_ones(&a);
                snprintf(name, sizeof name, "%s to %s, %ld elements, layouts %d %d, %ld apart", strided_dtype_name(from),
                         strided_dtype_name(to), (long)n, layout, other, (long)apart);
                CHECK_NAMED(strided_copy_cast(&a, &out, STRIDED_CAST_UNSAFE) == STRIDED_OK, name);
                CHECK_NAMED(gaps_changed(&out, 1) == 0 && gaps_changed(&a, 0) == 0, name);
            }
    apart = 3;
}

static void guard_opaque(int64_t itemsize, int64_t n)
{
    int layout, other, end;
    for (end = 0; end < 2; ++end)
        for (layout = 0; layout < LAYOUTS; ++layout)
            for (other = 0; other < LAYOUTS; ++other) {
                strided_view a, out;
                if ((layout < 3) != (other < 3))
                    continue;
                memset(pages[0], 0xA5, page_bytes);
                memset(pages[1], 0xA5, page_bytes);
                a = place(0, STRIDED_OPAQUE, itemsize, layout, n, end);
                out = place(1, STRIDED_OPAQUE, itemsize, other, n, end);
                memset(pages[0], 0x5A, page_bytes);
                CHECK(strided_copy(&a, &out) == STRIDED_OK && gaps_changed(&out, 1) == 0);
                CHECK(strided_fill(&out, STRIDED_OPAQUE, pages[0]) == STRIDED_OK && gaps_changed(&out, 1) == 0);
            }
}

static void test_guard_pages(void)
{
    static const int64_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67};
    size_t k, quick = under_valgrind() ? 4 : 1;
    int32_t dtype, to;
    int64_t size;
    if (!open_pages()) {
        CHECK_SKIP("guard pages: mmap or mprotect refused");
        return;
    }
    for (k = 0; k < sizeof lengths / sizeof lengths[0]; k += quick) {
        for (dtype = STRIDED_BOOL; dtype < STRIDED_OPAQUE; ++dtype) {
            guard_dtype(dtype, lengths[k]);
            for (to = STRIDED_BOOL; to < STRIDED_OPAQUE && k % 3 == 0; ++to) {
                guard_cast(dtype, to, lengths[k]);
                /* Long enough for blocks of what goes through scratch. */
                if (k == 0 && !under_valgrind())
                    guard_cast(dtype, to, 200);
            }
        }
        for (size = 1; size <= 24; size += size < 9 ? 1 : 3)
            guard_opaque(size, lengths[k]);
    }
}

#endif
