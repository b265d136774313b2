/* The view algebra against lists of elements: each test says in which order the elements of a small block must appear.
 *
 * A view is right when its shape is, when element [i, j, ...] has the address that the list gives, counted in bytes or
 * elements from the start of the block, and when strided_view_address agrees. */
#include "check.h"

enum { MAX_LIST = 256 };
static double block[64];

/* Steps a multi-index in C order; returns 0 after the last one. */
static int next_index(const strided_view *v, int64_t *index)
{
    int32_t k;
    for (k = v->ndim - 1; k >= 0; --k) {
        if (++index[k] < v->shape[k])
            return 1;
        index[k] = 0;
    }
    return 0;
}

/* Compares with `n` element numbers counted from `start` in steps of `unit` bytes. */
static int elements_are(const strided_view *v, const char *start, int64_t unit, int64_t n, const int64_t *expected)
{
    int64_t index[STRIDED_MAX_NDIM] = {0}, i, size = 1;
    int32_t k;
    for (k = 0; k < v->ndim; ++k)
        size *= v->shape[k];
    if (size != n || strided_view_size(v) != n)
        return 0;
    for (i = 0; i < n; ++i) {
        const char *p = v->data;
        void *same = NULL;
        for (k = 0; k < v->ndim; ++k)
            p += index[k] * v->strides[k];
        if (p != start + expected[i] * unit)
            return 0;
        if (strided_view_address(v, v->ndim, index, &same) != STRIDED_OK || same != (const void *)p)
            return 0;
        next_index(v, index);
    }
    return 1;
}

static int shape_is(const strided_view *v, int32_t ndim, const int64_t *shape)
{
    return v->ndim == ndim && (ndim == 0 || memcmp(v->shape, shape, sizeof(int64_t) * (size_t)ndim) == 0);
}

#define COUNT(...) ((int64_t)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)))
#define SHAPE(v, ...) CHECK(shape_is((v), (int32_t)COUNT(__VA_ARGS__), I64(__VA_ARGS__)))
#define ELEMENTS(v, ...) CHECK(elements_are((v), (const char *)block, 8, COUNT(__VA_ARGS__), I64(__VA_ARGS__)))
#define RANGE(a, b, c) {STRIDED_INDEX_RANGE, 0, a, b, c}
#define AT(i) {STRIDED_INDEX_AT, 0, i, 0, 0}
#define NEWAXIS {STRIDED_INDEX_NEWAXIS, 0, 0, 0, 0}
#define ELLIPSIS {STRIDED_INDEX_ELLIPSIS, 0, 0, 0, 0}
#define INDEX(in, out, ...) \
    strided_view_index((in), (int32_t)(sizeof((strided_index[]){__VA_ARGS__}) / sizeof(strided_index)), \
                       (const strided_index[]){__VA_ARGS__}, (out))
#define NONE STRIDED_NONE

static strided_view make(int32_t ndim, const int64_t *shape, int32_t order)
{
    strided_view v;
    memset(&v, 0, sizeof v);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, ndim, shape, NULL, order));
    return v;
}

static void test_init(void)
{
    strided_view v = make(2, I64(2, 3), STRIDED_ORDER_C), w = make(2, I64(2, 3), STRIDED_ORDER_F);
    ELEMENTS(&v, 0, 1, 2, 3, 4, 5);
    ELEMENTS(&w, 0, 2, 4, 1, 3, 5);
    CHECK(strided_view_query(&v) == (STRIDED_IS_C_CONTIGUOUS | STRIDED_IS_ALIGNED | STRIDED_IS_WRITEABLE));
    CHECK(strided_view_query(&w) == (STRIDED_IS_F_CONTIGUOUS | STRIDED_IS_ALIGNED | STRIDED_IS_WRITEABLE));
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 2, I64(2, 2), I64(-8, 24), STRIDED_ORDER_C));
    ELEMENTS(&v, 0, 3, -1, 2);
    CHECK_OK(strided_view_init(&v, NULL, STRIDED_F64, 2, I64(0, 3), NULL, STRIDED_ORDER_C));
    SHAPE(&v, 0, 3);
    CHECK(strided_view_size(&v) == 0);
}

static void test_only_used_entries_are_written(void)
{
    strided_view v;
    int k, spoiled = 0;
    memset(&v, 0x77, sizeof v);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 2, I64(2, 3), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_view_transpose(&v, NULL, &v));
    for (k = 2; k < STRIDED_MAX_NDIM; ++k)
        spoiled += v.shape[k] != INT64_C(0x7777777777777777) || v.strides[k] != INT64_C(0x7777777777777777);
    CHECK(spoiled == 0);
}

static void test_transposing(void)
{
    strided_view v = make(2, I64(2, 3), 0), c = make(3, I64(2, 2, 3), 0), w;
    CHECK_OK(strided_view_transpose(&v, NULL, &w));
    SHAPE(&w, 3, 2);
    ELEMENTS(&w, 0, 3, 1, 4, 2, 5);
    CHECK_OK(strided_view_transpose(&c, I32(2, 0, 1), &w));
    SHAPE(&w, 3, 2, 2);
    ELEMENTS(&w, 0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
    CHECK_OK(strided_view_transpose(&c, I32(-1, 0, -2), &w));
    ELEMENTS(&w, 0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
    CHECK_OK(strided_view_swapaxes(&c, 0, -1, &w));
    SHAPE(&w, 3, 2, 2);
    ELEMENTS(&w, 0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11);
    CHECK_OK(strided_view_moveaxis(&c, 1, I32(0), I32(-1), &w));
    SHAPE(&w, 2, 3, 2);
    ELEMENTS(&w, 0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11);
    CHECK_OK(strided_view_moveaxis(&c, 0, NULL, NULL, &w));
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_transpose(&v, NULL, &v)); /* out may be in */
    ELEMENTS(&v, 0, 3, 1, 4, 2, 5);
}

static void test_indexing(void)
{
    strided_view v = make(1, I64(6), 0), m = make(2, I64(3, 4), 0), c = make(3, I64(2, 3, 2), 0), w;
    CHECK_OK(INDEX(&v, &w, RANGE(1, 5, 2)));
    ELEMENTS(&w, 1, 3);
    CHECK_OK(INDEX(&v, &w, RANGE(NONE, NONE, -1)));
    ELEMENTS(&w, 5, 4, 3, 2, 1, 0);
    CHECK_OK(INDEX(&v, &w, RANGE(NONE, NONE, -2)));
    ELEMENTS(&w, 5, 3, 1);
    CHECK_OK(INDEX(&v, &w, RANGE(-2, NONE, -3)));
    ELEMENTS(&w, 4, 1);
    CHECK_OK(INDEX(&v, &w, RANGE(-100, 100, NONE))); /* ends beyond the axis are clamped */
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5);
    CHECK_OK(INDEX(&v, &w, RANGE(INT64_MAX, INT64_MIN + 1, -1)));
    ELEMENTS(&w, 5, 4, 3, 2, 1, 0);
    CHECK_OK(INDEX(&v, &w, RANGE(1, 2, INT64_MAX)));
    ELEMENTS(&w, 1);
    CHECK_OK(INDEX(&v, &w, RANGE(4, 2, 1)));
    SHAPE(&w, 0);
    CHECK_OK(INDEX(&v, &w, RANGE(6, NONE, NONE)));
    SHAPE(&w, 0);
    CHECK_OK(INDEX(&v, &w, AT(-6)));
    CHECK(w.ndim == 0);
    ELEMENTS(&w, 0);
    CHECK_OK(INDEX(&m, &w, AT(1)));
    ELEMENTS(&w, 4, 5, 6, 7);
    CHECK_OK(INDEX(&m, &w, ELLIPSIS, AT(1)));
    ELEMENTS(&w, 1, 5, 9);
    CHECK_OK(INDEX(&m, &w, RANGE(NONE, NONE, -1), RANGE(1, NONE, 2)));
    SHAPE(&w, 3, 2);
    ELEMENTS(&w, 9, 11, 5, 7, 1, 3);
    CHECK_OK(INDEX(&m, &w, NEWAXIS, AT(2), NEWAXIS, RANGE(0, 2, 1), NEWAXIS));
    SHAPE(&w, 1, 1, 2, 1);
    ELEMENTS(&w, 8, 9);
    CHECK_OK(INDEX(&c, &w, AT(1), ELLIPSIS, AT(0)));
    ELEMENTS(&w, 6, 8, 10);
    CHECK_OK(INDEX(&c, &w, ELLIPSIS, NEWAXIS));
    SHAPE(&w, 2, 3, 2, 1);
    CHECK_OK(INDEX(&c, &w, AT(0), AT(0), AT(0), ELLIPSIS));
    CHECK(w.ndim == 0);
    CHECK_OK(strided_view_index(&c, 0, NULL, &w));
    SHAPE(&w, 2, 3, 2);
    CHECK_OK(INDEX(&w, &w, AT(1)));
    SHAPE(&w, 3, 2);
}

static void test_unit_axes(void)
{
    strided_view v = make(4, I64(1, 2, 1, 3), 0), s = make(0, NULL, 0), w;
    CHECK_OK(strided_view_squeeze(&v, 0, NULL, &w));
    SHAPE(&w, 2, 3);
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5);
    CHECK_OK(strided_view_squeeze(&v, 1, I32(-2), &w));
    SHAPE(&w, 1, 2, 3);
    CHECK_OK(strided_view_expand_dims(&w, 2, I32(0, -1), &w));
    SHAPE(&w, 1, 1, 2, 3, 1);
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5);
    CHECK_OK(strided_view_squeeze(&s, 0, NULL, &w));
    CHECK(w.ndim == 0);
    CHECK_OK(strided_view_expand_dims(&s, 3, I32(2, 0, 1), &w));
    SHAPE(&w, 1, 1, 1);
}

static void test_flips_and_rotations(void)
{
    strided_view v = make(2, I64(2, 3), 0), e = make(2, I64(0, 3), 0), w;
    CHECK_OK(strided_view_flip(&v, 1, I32(1), &w));
    ELEMENTS(&w, 2, 1, 0, 5, 4, 3);
    CHECK_OK(strided_view_flip(&v, 0, NULL, &w));
    ELEMENTS(&w, 5, 4, 3, 2, 1, 0);
    CHECK_OK(strided_view_rot90(&v, 1, 0, 1, &w));
    SHAPE(&w, 3, 2);
    ELEMENTS(&w, 2, 5, 1, 4, 0, 3);
    CHECK_OK(strided_view_rot90(&v, -1, 0, 1, &w));
    ELEMENTS(&w, 3, 0, 4, 1, 5, 2);
    CHECK_OK(strided_view_rot90(&v, 2, 0, 1, &w));
    ELEMENTS(&w, 5, 4, 3, 2, 1, 0);
    CHECK_OK(strided_view_rot90(&v, INT32_MIN, 0, 1, &w)); /* a multiple of four */
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5);
    CHECK_OK(strided_view_rot90(&v, 1, 1, 0, &w));
    ELEMENTS(&w, 3, 0, 4, 1, 5, 2);
    CHECK_OK(strided_view_flip(&e, 0, NULL, &w));
    SHAPE(&w, 0, 3);
}

static void test_reshaping(void)
{
    strided_view v = make(2, I64(3, 4), 0), f = make(2, I64(3, 4), 1), e = make(2, I64(0, 3), 0), s = make(0, NULL, 0), w, t;
    CHECK_OK(strided_view_reshape(&v, 3, I64(2, -1, 3), 0, &w));
    SHAPE(&w, 2, 2, 3);
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_reshape(&f, 1, I64(12), STRIDED_ORDER_F, &w));
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_reshape(&f, 2, I64(6, 2), STRIDED_ORDER_A, &w));
    ELEMENTS(&w, 0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11);
    CHECK_STATUS(strided_view_reshape(&f, 1, I64(12), STRIDED_ORDER_C, &w), STRIDED_E_NEEDS_COPY);
    CHECK_OK(strided_view_reshape(&f, 3, I64(3, 2, 2), STRIDED_ORDER_F, &w)); /* only the second axis is cut */
    CHECK_OK(INDEX(&v, &t, RANGE(NONE, NONE, 1), RANGE(NONE, NONE, 2))); /* every second element: one even step */
    CHECK_OK(strided_view_reshape(&t, 1, I64(6), 0, &w));
    ELEMENTS(&w, 0, 2, 4, 6, 8, 10);
    CHECK_OK(strided_view_flip(&v, 0, NULL, &t)); /* all reversed: still one run */
    CHECK_OK(strided_view_reshape(&t, 2, I64(2, 6), 0, &w));
    ELEMENTS(&w, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    CHECK_OK(strided_view_broadcast_to(&s, 2, I64(2, 3), &t));
    CHECK_OK(strided_view_reshape(&t, 1, I64(6), 0, &w));
    ELEMENTS(&w, 0, 0, 0, 0, 0, 0);
    CHECK_OK(strided_view_reshape(&e, 2, I64(3, -1), 0, &w));
    SHAPE(&w, 3, 0);
    CHECK_OK(strided_view_reshape(&e, 3, I64(5, 0, 7), 0, &w));
    SHAPE(&w, 5, 0, 7);
    CHECK_OK(strided_view_reshape(&s, 2, I64(1, 1), 0, &w));
    SHAPE(&w, 1, 1);
    CHECK_OK(strided_view_reshape(&w, 0, NULL, 0, &w));
    CHECK(w.ndim == 0);
    CHECK_OK(strided_view_ravel(&f, STRIDED_ORDER_K, &w));
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_ravel(&s, STRIDED_ORDER_C, &w));
    SHAPE(&w, 1);
    CHECK_OK(strided_view_ravel(&e, STRIDED_ORDER_C, &w));
    SHAPE(&w, 0);
}

static void test_broadcasting(void)
{
    strided_view row = make(1, I64(3), 0), column = make(2, I64(2, 1), 0), s = make(0, NULL, 0), w, x;
    const strided_view *views[3];
    strided_view *outs[3];
    int32_t ndim = -1;
    int64_t shape[STRIDED_MAX_NDIM];
    CHECK_OK(strided_view_broadcast_to(&row, 2, I64(2, 3), &w));
    ELEMENTS(&w, 0, 1, 2, 0, 1, 2);
    CHECK(w.flags == STRIDED_READONLY && w.strides[0] == 0);
    CHECK_OK(strided_view_broadcast_to(&column, 2, I64(2, 3), &w));
    ELEMENTS(&w, 0, 0, 0, 1, 1, 1);
    CHECK(strided_view_query(&w) & STRIDED_IS_SELF_OVERLAP);
    CHECK_OK(strided_view_broadcast_to(&column, 2, I64(2, 0), &w));
    SHAPE(&w, 2, 0);
    CHECK(!(strided_view_query(&w) & STRIDED_IS_SELF_OVERLAP));
    views[0] = &row, views[1] = &column, views[2] = &s;
    CHECK_OK(strided_broadcast_shapes(3, views, &ndim, shape));
    CHECK(ndim == 2 && shape[0] == 2 && shape[1] == 3);
    CHECK_OK(strided_broadcast_shapes(0, views, &ndim, shape));
    CHECK(ndim == 0);
    w = row, x = column;
    views[0] = &w, views[1] = &x, outs[0] = &w, outs[1] = &x; /* in place */
    CHECK_OK(strided_view_broadcast_many(2, views, outs));
    ELEMENTS(&w, 0, 1, 2, 0, 1, 2);
    ELEMENTS(&x, 0, 0, 0, 1, 1, 1);
}

static void test_diagonals_windows_and_parts(void)
{
    strided_view v = make(2, I64(3, 4), 0), c = make(3, I64(2, 2, 2), 0), w;
    CHECK_OK(strided_view_diagonal(&v, 0, 0, 1, &w));
    ELEMENTS(&w, 0, 5, 10);
    CHECK_OK(strided_view_diagonal(&v, 2, 0, 1, &w));
    ELEMENTS(&w, 2, 7);
    CHECK_OK(strided_view_diagonal(&v, -1, 0, 1, &w));
    ELEMENTS(&w, 4, 9);
    CHECK_OK(strided_view_diagonal(&v, 1, 1, 0, &w));
    ELEMENTS(&w, 4, 9);
    CHECK_OK(strided_view_diagonal(&v, INT64_MAX, 0, 1, &w));
    SHAPE(&w, 0);
    CHECK_OK(strided_view_diagonal(&v, INT64_MIN, 0, 1, &w));
    SHAPE(&w, 0);
    CHECK_OK(strided_view_diagonal(&c, 0, 0, 2, &w));
    SHAPE(&w, 2, 2);
    ELEMENTS(&w, 0, 5, 2, 7);
    CHECK_OK(strided_view_sliding_window(&v, 1, I32(1), I64(3), &w));
    SHAPE(&w, 3, 2, 3);
    ELEMENTS(&w, 0, 1, 2, 1, 2, 3, 4, 5, 6, 5, 6, 7, 8, 9, 10, 9, 10, 11);
    CHECK(w.flags == STRIDED_READONLY);
    CHECK_OK(strided_view_sliding_window(&v, 2, I32(1, 1), I64(2, 2), &w)); /* twice the same axis */
    SHAPE(&w, 3, 2, 2, 2);
    CHECK_OK(strided_view_sliding_window(&v, 1, I32(0), I64(0), &w));
    SHAPE(&w, 4, 4, 0);
    CHECK_OK(strided_view_split(&v, 3, 1, 0, &w));
    SHAPE(&w, 3, 2);
    ELEMENTS(&w, 0, 1, 4, 5, 8, 9);
    CHECK_OK(strided_view_split(&v, 3, -1, 2, &w));
    ELEMENTS(&w, 3, 7, 11);
    CHECK_OK(strided_view_split(&v, 5, 0, 4, &w));
    SHAPE(&w, 0, 4);
    CHECK_OK(strided_view_as_strided(&v, 2, I64(2, 3), I64(8, 8), block, sizeof block, &w));
    ELEMENTS(&w, 0, 1, 2, 1, 2, 3);
    CHECK_OK(strided_view_as_strided(&v, 1, I64(64), I64(8), block, sizeof block, &w));
}

static void test_other_dtypes_of_the_same_bytes(void)
{
    strided_view v = make(2, I64(3, 4), 0), f = make(2, I64(4, 3), 1), w, x;
    CHECK_OK(strided_view_reinterpret(&v, STRIDED_I64, &w));
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_reinterpret(&v, STRIDED_C128, &w));
    SHAPE(&w, 3, 2);
    ELEMENTS(&w, 0, 2, 4, 6, 8, 10);
    CHECK_OK(strided_view_real(&w, &x));
    ELEMENTS(&x, 0, 2, 4, 6, 8, 10);
    CHECK(x.dtype == STRIDED_F64 && x.itemsize == 8);
    CHECK_OK(strided_view_imag(&w, &x));
    ELEMENTS(&x, 1, 3, 5, 7, 9, 11);
    CHECK_OK(strided_view_reinterpret(&v, STRIDED_U8, &w));
    SHAPE(&w, 3, 32);
    CHECK_OK(strided_view_reinterpret(&w, STRIDED_F64, &w));
    ELEMENTS(&w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    CHECK_OK(strided_view_reinterpret(&f, STRIDED_C128, &w)); /* the unit-stride axis is the first one */
    SHAPE(&w, 2, 3);
    ELEMENTS(&w, 0, 4, 8, 2, 6, 10);
    CHECK_OK(strided_view_field(&v, 4, STRIDED_I16, &w));
    CHECK(w.itemsize == 2 && w.data == (char *)block + 4 && w.strides[1] == 8);
    CHECK_OK(strided_view_field_opaque(&v, 5, 3, &w));
    CHECK(w.itemsize == 3 && w.dtype == STRIDED_OPAQUE && w.data == (char *)block + 5);
    CHECK_OK(strided_view_imag(&v, &w)); /* of real elements: zeros that can only be read */
    CHECK(w.flags == STRIDED_READONLY && w.strides[1] == 0 && *(double *)w.data == 0);
    CHECK_OK(strided_view_reinterpret(&v, STRIDED_OPAQUE, &w));
    CHECK(w.dtype == STRIDED_OPAQUE && w.itemsize == 8);
    CHECK_OK(strided_view_readonly(&v, &w));
    CHECK(w.flags == STRIDED_READONLY && !(strided_view_query(&w) & STRIDED_IS_WRITEABLE));
    CHECK_OK(strided_view_transpose(&w, NULL, &w));
    CHECK(w.flags == STRIDED_READONLY);
}

static void test_relaxed_contiguity(void)
{
    const uint32_t both = STRIDED_IS_C_CONTIGUOUS | STRIDED_IS_F_CONTIGUOUS;
    strided_view v;
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 2, I64(1, 5), I64(-999, 8), 0));
    CHECK((strided_view_query(&v) & both) == both);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 2, I64(0, 5), I64(1, -77), 0));
    CHECK((strided_view_query(&v) & both) == both);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 3, I64(2, 1, 3), I64(24, 3, 8), 0));
    CHECK((strided_view_query(&v) & both) == STRIDED_IS_C_CONTIGUOUS);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 2, I64(1, 2), I64(8, 16), 0));
    CHECK((strided_view_query(&v) & both) == 0);
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 0, NULL, NULL, 0));
    CHECK((strided_view_query(&v) & both) == both);
    CHECK_OK(strided_view_init(&v, (char *)block + 4, STRIDED_F64, 1, I64(2), NULL, 0));
    CHECK(!(strided_view_query(&v) & STRIDED_IS_ALIGNED));
    CHECK_OK(strided_view_init(&v, block, STRIDED_F64, 1, I64(2), I64(12), 0));
    CHECK(!(strided_view_query(&v) & STRIDED_IS_ALIGNED));
    CHECK_OK(strided_view_init(&v, (char *)block + 8, STRIDED_C128, 1, I64(2), NULL, 0));
    CHECK(strided_view_query(&v) & STRIDED_IS_ALIGNED); /* complex numbers are aligned as their parts */
}

static void test_extents_and_overlap(void)
{
    strided_view v = make(2, I64(3, 4), 0), w, a, b;
    int64_t low = -1, high = -1;
    int32_t answer = -1;
    CHECK_OK(strided_view_extent(&v, &low, &high));
    CHECK(low == 0 && high == 96);
    CHECK_OK(strided_view_flip(&v, 1, I32(0), &w));
    CHECK_OK(strided_view_extent(&w, &low, &high));
    CHECK(low == -64 && high == 32);
    CHECK_OK(INDEX(&v, &a, RANGE(0, NONE, 1), RANGE(0, NONE, 2)));
    CHECK_OK(INDEX(&v, &b, RANGE(0, NONE, 1), RANGE(1, NONE, 2)));
    CHECK_OK(strided_view_overlap(&a, &b, 0, &answer));
    CHECK(answer == 1); /* the bounds say maybe */
    CHECK_OK(strided_view_overlap(&a, &b, 1, &answer));
    CHECK(answer == 0);
    CHECK_OK(strided_view_overlap(&a, &v, 1, &answer));
    CHECK(answer == 1);
    CHECK_OK(INDEX(&v, &a, RANGE(0, 0, 1)));
    CHECK_OK(strided_view_extent(&a, &low, &high));
    CHECK(low == 0 && high == 0);
    CHECK_OK(strided_view_overlap(&a, &v, 0, &answer));
    CHECK(answer == 0); /* nothing overlaps with nothing */
}

static void test_64_axes(void)
{
    int64_t shape[65], sizes[65];
    strided_view v, w;
    int32_t axes[64], k;
    for (k = 0; k < 65; ++k) {
        shape[k] = k < 60 ? 1 : 2;
        sizes[k] = k % 16 == 5 ? 2 : 1;
    }
    for (k = 0; k < 64; ++k)
        axes[k] = 63 - k;
    v = make(64, sizes, 0);
    CHECK(strided_view_size(&v) == 16);
    CHECK(elements_are(&v, (char *)block, 8, 16, I64(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
    CHECK_OK(strided_view_transpose(&v, axes, &w));
    CHECK(elements_are(&w, (char *)block, 8, 16, I64(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)));
    CHECK_OK(strided_view_flip(&w, 64, axes, &w));
    CHECK(elements_are(&w, (char *)block, 8, 16, I64(15, 7, 11, 3, 13, 5, 9, 1, 14, 6, 10, 2, 12, 4, 8, 0)));
    CHECK_OK(strided_view_ravel(&v, 0, &w));
    SHAPE(&w, 16);
    CHECK_OK(strided_view_reshape(&w, 64, sizes, 0, &w));
    CHECK(w.ndim == 64);
    CHECK_STATUS(strided_view_expand_dims(&v, 1, I32(0), &w), STRIDED_E_NDIM);
    CHECK_STATUS(INDEX(&v, &w, NEWAXIS), STRIDED_E_NDIM);
    CHECK_STATUS(strided_view_sliding_window(&v, 1, I32(0), I64(1), &w), STRIDED_E_NDIM);
    CHECK_OK(strided_view_squeeze(&v, 0, NULL, &w));
    SHAPE(&w, 2, 2, 2, 2);
    CHECK_OK(strided_view_broadcast_to(&w, 64, shape, &w));
    CHECK(w.ndim == 64);
    CHECK_STATUS(strided_copy(&w, &w), STRIDED_E_READONLY);
}

int main(void)
{
    test_init();
    test_only_used_entries_are_written();
    test_transposing();
    test_indexing();
    test_unit_axes();
    test_flips_and_rotations();
    test_reshaping();
    test_broadcasting();
    test_diagonals_windows_and_parts();
    test_other_dtypes_of_the_same_bytes();
    test_relaxed_contiguity();
    test_extents_and_overlap();
    test_64_axes();
    return CHECK_REPORT();
}
