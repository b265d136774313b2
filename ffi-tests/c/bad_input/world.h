/* Everything that the bad calls read or could write: one flat struct, so that it can be compared byte by byte.
 *
 * `world_fill` makes the same world before every call. Outputs hold the byte 0xA5 throughout. */
#ifndef STRIDED_TEST_WORLD_H
#define STRIDED_TEST_WORLD_H

struct world {
    /* memory of the inputs and of the outputs, each with space on both sides */
    double guard_a[4], a[16], guard_b[4], b[16], guard_o[4], o[16], guard_end[4];
    /* good inputs: 3 x 4, 4 x 4, 4, no axes, 0 x 3, 2 x 1 x 2, all f64; and other dtypes */
    strided_view v34, v44, v4, v0, v03, v212, v13;
    strided_view read_only, broadcast, boolean, c128_4, i32_34, i64_4, opaque3, opaque4, reversed, stepped, column;
    /* good outputs: the same shapes over `o` */
    strided_view d34, d44, d4, d0, d03, d3, d14, d_i32_34, d_bool, d_f32_34, d_opaque3, d_opaque4, d_c128_4, d_i32_1, d_i64_0;
    /* outputs that can not be written */
    strided_view d_read_only, d0_read_only, d_self_overlap, d_partial_overlap, d212_overlap;
    /* views that no function may accept */
    strided_view bad_dtype, bad_dtype_neg, bad_ndim_neg, bad_ndim_65, bad_ndim_min, bad_ndim_max, bad_flags,
        bad_itemsize, bad_opaque_size, bad_null, bad_extent, bad_size, bad_stride, bad_zero_huge;
    /* results */
    strided_view out, out2;
    int32_t n32;
    int64_t n64, m64, shape64[64];
    void *pointer;
    strided_array *array;
    char text[64];
    const strided_view *two[2], *mismatch[2], *with_null[2], *with_bad[2];
    strided_view *two_out[2], *null_out[2];
    unsigned char descriptor[512];
    struct { /* a Fortran scalar as gfortran describes it, see ISO_Fortran_binding.h */
        void *base_addr;
        size_t elem_len;
        int version;
        signed char rank, attribute;
        short type;
    } scalar;
    strided_reduce_options no_options, reserved_option, bad_mask, f64_mask, masked, bad_initial, opaque_initial,
        f64_initial, ddof_option;
    strided_allocator no_alloc, no_free, failing, misaligned;
};

static const int32_t zeros32[64];
static const int64_t zeros64[64];
static int release_calls;
static long bad_allocator_blocks;
static strided_array *base_array, *read_only_array;
static double base_memory[8];
static strided_view base_too_long, base_too_early, base_writeable; /* views on the arrays that from_view refuses */

static void count_release(void *ctx) { (void)ctx; ++release_calls; }

static void *fail_alloc(void *ctx, size_t size, size_t align)
{
    (void)ctx, (void)size, (void)align;
    return NULL;
}

/* Gives blocks at an address that is odd; freeing them brings the count back to zero. */
static void *odd_alloc(void *ctx, size_t size, size_t align)
{
    unsigned char *p = malloc(size + align + 1);
    (void)ctx;
    if (p)
        ++bad_allocator_blocks;
    return p ? p + 1 : NULL;
}

static void odd_free(void *ctx, void *p, size_t size, size_t align)
{
    (void)ctx, (void)size, (void)align;
    --bad_allocator_blocks;
    free((unsigned char *)p - 1);
}

static void no_inner(void *ctx, int64_t count, void *const *pointers, const int64_t *strides)
{
    (void)ctx, (void)count, (void)strides;
    *(double *)pointers[0] = 42; /* would be seen by the comparison */
}

/* Views are made by hand: the functions that make them are under test. */
static strided_view make(void *data, int32_t dtype, int64_t itemsize, int32_t ndim, int64_t n0, int64_t n1)
{
    strided_view v;
    memset(&v, 0, sizeof v);
    v.data = data, v.dtype = dtype, v.itemsize = itemsize, v.ndim = ndim;
    v.shape[0] = n0, v.shape[1] = n1;
    v.strides[0] = ndim == 2 ? itemsize * n1 : itemsize;
    v.strides[1] = itemsize;
    return v;
}

static void fill_inputs(struct world *w)
{
    w->v34 = make(w->a, STRIDED_F64, 8, 2, 3, 4);
    w->v44 = make(w->a, STRIDED_F64, 8, 2, 4, 4);
    w->v4 = make(w->a, STRIDED_F64, 8, 1, 4, 0);
    w->v0 = make(w->a, STRIDED_F64, 8, 0, 0, 0);
    w->v03 = make(w->a, STRIDED_F64, 8, 2, 0, 3);
    w->v13 = make(w->a, STRIDED_F64, 8, 2, 1, 3);
    w->v212 = make(w->a, STRIDED_F64, 8, 3, 2, 1);
    w->v212.shape[2] = 2, w->v212.strides[0] = 16, w->v212.strides[1] = 16, w->v212.strides[2] = 8;
    w->read_only = w->v34, w->read_only.flags = STRIDED_READONLY;
    w->broadcast = w->v44, w->broadcast.strides[0] = 0;
    w->boolean = make(w->b, STRIDED_BOOL, 1, 1, 4, 0);
    w->c128_4 = make(w->a, STRIDED_C128, 16, 1, 4, 0);
    w->i32_34 = make(w->b, STRIDED_I32, 4, 2, 3, 4);
    w->i64_4 = make(w->b, STRIDED_I64, 8, 1, 4, 0);
    w->opaque3 = make(w->a, STRIDED_OPAQUE, 3, 1, 4, 0);
    w->opaque4 = make(w->a, STRIDED_OPAQUE, 4, 1, 4, 0);
    w->reversed = w->v4, w->reversed.data = w->a + 3, w->reversed.strides[0] = -8;
    w->stepped = w->v34, w->stepped.shape[1] = 2, w->stepped.strides[1] = 16;
    w->column = w->v34, w->column.strides[0] = 8, w->column.strides[1] = 24;
    w->two[0] = &w->v34, w->two[1] = &w->v4;
    w->mismatch[0] = &w->v34, w->mismatch[1] = &w->v13;
    w->with_null[0] = &w->v34, w->with_null[1] = NULL;
    w->with_bad[0] = &w->v34, w->with_bad[1] = &w->bad_dtype;
}

static void fill_outputs(struct world *w)
{
    w->d34 = make(w->o, STRIDED_F64, 8, 2, 3, 4);
    w->d44 = make(w->o, STRIDED_F64, 8, 2, 4, 4);
    w->d14 = make(w->o, STRIDED_F64, 8, 2, 1, 4);
    w->d4 = make(w->o, STRIDED_F64, 8, 1, 4, 0);
    w->d3 = make(w->o, STRIDED_F64, 8, 1, 3, 0);
    w->d0 = make(w->o, STRIDED_F64, 8, 0, 0, 0);
    w->d03 = make(w->o, STRIDED_F64, 8, 2, 0, 3);
    w->d_i32_34 = make(w->o, STRIDED_I32, 4, 2, 3, 4);
    w->d_bool = make(w->o, STRIDED_BOOL, 1, 1, 4, 0);
    w->d_f32_34 = make(w->o, STRIDED_F32, 4, 2, 3, 4);
    w->d_opaque3 = make(w->o, STRIDED_OPAQUE, 3, 1, 4, 0);
    w->d_opaque4 = make(w->o, STRIDED_OPAQUE, 4, 1, 4, 0);
    w->d_c128_4 = make(w->o, STRIDED_C128, 16, 1, 4, 0);
    w->d_read_only = w->d34, w->d_read_only.flags = STRIDED_READONLY;
    w->d_self_overlap = w->d34, w->d_self_overlap.strides[0] = 0;
    w->d_partial_overlap = w->d34, w->d_partial_overlap.strides[0] = 8;
    w->d0_read_only = w->d0, w->d0_read_only.flags = STRIDED_READONLY;
    w->d_i64_0 = make(w->o, STRIDED_I64, 8, 0, 0, 0);
    w->d_i32_1 = make(w->o, STRIDED_I32, 4, 1, 1, 0);
    w->d212_overlap = w->v212, w->d212_overlap.data = w->o, w->d212_overlap.strides[0] = 8;
    w->two_out[0] = &w->out, w->two_out[1] = &w->out2;
    w->null_out[0] = &w->out, w->null_out[1] = NULL;
}

static void fill_bad_views(struct world *w)
{
    w->bad_dtype = w->v34, w->bad_dtype.dtype = 17;
    w->bad_dtype_neg = w->v34, w->bad_dtype_neg.dtype = -1;
    w->bad_ndim_neg = w->v34, w->bad_ndim_neg.ndim = -1;
    w->bad_ndim_65 = w->v34, w->bad_ndim_65.ndim = 65;
    w->bad_ndim_min = w->v34, w->bad_ndim_min.ndim = INT32_MIN;
    w->bad_ndim_max = w->v34, w->bad_ndim_max.ndim = INT32_MAX;
    w->bad_flags = w->v34, w->bad_flags.flags = 6;
    w->bad_itemsize = w->v34, w->bad_itemsize.itemsize = 4;
    w->bad_opaque_size = w->opaque3, w->bad_opaque_size.itemsize = 0;
    w->bad_null = w->v34, w->bad_null.data = NULL;
    w->bad_extent = w->v34, w->bad_extent.shape[1] = -4;
    w->bad_size = w->v34, w->bad_size.shape[0] = INT64_MAX / 8, w->bad_size.strides[0] = 0;
    w->bad_stride = w->v34, w->bad_stride.strides[0] = INT64_MAX;
    w->bad_zero_huge = w->v34, w->bad_zero_huge.shape[0] = 0, w->bad_zero_huge.shape[1] = INT64_MAX;
}

static void fill_options(struct world *w)
{
    memset(&w->no_options, 0, sizeof w->no_options);
    w->reserved_option = w->no_options, w->reserved_option.reserved = 1;
    w->bad_mask = w->no_options, w->bad_mask.where = &w->bad_dtype;
    w->f64_mask = w->no_options, w->f64_mask.where = &w->v4;
    w->masked = w->no_options, w->masked.where = &w->boolean;
    w->f64_initial = w->no_options, w->f64_initial.initial = w->a, w->f64_initial.initial_dtype = STRIDED_F64;
    w->bad_initial = w->f64_initial, w->bad_initial.initial_dtype = 99;
    w->opaque_initial = w->f64_initial, w->opaque_initial.initial_dtype = STRIDED_OPAQUE;
    w->ddof_option = w->no_options, w->ddof_option.ddof = 1;
}

static void world_fill(struct world *w)
{
    int i;
    memset(w, 0xA5, sizeof *w);
    for (i = 0; i < 16; ++i)
        w->a[i] = i + 1;
    memset(w->b, 0, sizeof w->b);
    fill_inputs(w);
    fill_outputs(w);
    fill_bad_views(w);
    fill_options(w);
    w->array = (strided_array *)(void *)w->guard_a;
    memset(w->descriptor, 0, sizeof w->descriptor);
    memset(&w->scalar, 0, sizeof w->scalar);
    w->scalar.base_addr = w->a, w->scalar.elem_len = 8, w->scalar.version = 1, w->scalar.type = 0x804;
    w->misaligned.ctx = NULL;
    w->misaligned.alloc = odd_alloc, w->misaligned.alloc_zeroed = odd_alloc, w->misaligned.free = odd_free;
    w->no_alloc = w->misaligned, w->no_alloc.alloc = NULL;
    w->no_free = w->misaligned, w->no_free.free = NULL;
    w->failing = w->misaligned, w->failing.alloc = fail_alloc, w->failing.alloc_zeroed = fail_alloc;
}

static void world_open(void)
{
    strided_view v;
    CHECK_OK(strided_array_zeros(STRIDED_F64, 2, I64(3, 4), STRIDED_ORDER_C, &base_array));
    v = make(base_memory, STRIDED_F64, 8, 1, 8, 0);
    v.flags = STRIDED_READONLY;
    CHECK_OK(strided_array_adopt(&v, NULL, NULL, &read_only_array));
    base_writeable = v, base_writeable.flags = 0;
    base_too_long = *strided_array_view(base_array), base_too_long.shape[0] = 4;
    base_too_early = *strided_array_view(base_array);
    base_too_early.data = (char *)base_too_early.data - 8;
}

static void world_close(void)
{
    strided_array_release(base_array);
    strided_array_release(read_only_array);
}

/* Index items, written where they are used. */
#define ITEM_RANGE(start, stop, step) {STRIDED_INDEX_RANGE, 0, start, stop, step}
#define ITEM_AT(i) {STRIDED_INDEX_AT, 0, i, 0, 0}
#define ITEM_NEWAXIS {STRIDED_INDEX_NEWAXIS, 0, 0, 0, 0}
#define ITEM_ELLIPSIS {STRIDED_INDEX_ELLIPSIS, 0, 0, 0, 0}
#define ITEMS(...) ((const strided_index[]){__VA_ARGS__})

#endif
