/* What a call costs when there is next to nothing to do: view operations on 3 axes, and operations on a handful of
   elements, through the C ABI. Prints nanoseconds of processor
   time per call, the median of 25 batches.

   cc -O2 small_calls.c $(pkg-config --cflags --libs strided) && ./a.out */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <strided.h>
#include <time.h>

enum { BATCHES = 25, CALLS = 20000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int failures;

#define MEASURE(name, call)                                                          \
    do {                                                                             \
        double batch[BATCHES];                                                       \
        if ((call) != STRIDED_OK) {                                                  \
            printf("%-34s failed: %s\n", name, strided_last_error());                \
            failures++;                                                              \
            break;                                                                   \
        }                                                                            \
        for (int b = 0; b < BATCHES; b++) {                                          \
            double start = now();                                                    \
            for (int i = 0; i < CALLS; i++) (void)(call);                            \
            batch[b] = (now() - start) / CALLS;                                      \
        }                                                                            \
        qsort(batch, BATCHES, sizeof batch[0], ascending);                           \
        printf("%-34s %7.1f ns\n", name, batch[BATCHES / 2]);                        \
    } while (0)

int main(void) {
    static double data[4 * 6 * 8], result[4 * 6 * 8];
    const int64_t shape[3] = {4, 6, 8}, flat[2] = {24, 8}, wide[3] = {4, 6, 8}, pair[2] = {4, 6}, eight[2] = {8, 8};
    const int64_t one[3] = {4, 1, 8};
    const int32_t axes[3] = {2, 0, 1}, first = 0;
    const strided_index items[3] = {{STRIDED_INDEX_RANGE, 0, 1, 4, 2},
                                    {STRIDED_INDEX_AT, 0, 3, 0, 0},
                                    {STRIDED_INDEX_RANGE, 0, STRIDED_NONE, STRIDED_NONE, -1}};
    strided_view a, out, thin, m, row, mo, ro, v8, w8, o8, s, sq, sqo;
    strided_view_init(&a, data, STRIDED_F64, 3, shape, NULL, STRIDED_ORDER_C);
    strided_view_init(&thin, data, STRIDED_F64, 3, one, NULL, STRIDED_ORDER_C);
    strided_view_init(&m, data, STRIDED_F64, 2, pair, NULL, STRIDED_ORDER_C);
    strided_view_init(&row, data, STRIDED_F64, 1, &pair[1], NULL, STRIDED_ORDER_C);
    strided_view_init(&mo, result, STRIDED_F64, 2, pair, NULL, STRIDED_ORDER_C);
    strided_view_init(&ro, result, STRIDED_F64, 1, &pair[1], NULL, STRIDED_ORDER_C);
    strided_view_init(&v8, data, STRIDED_F64, 1, eight, NULL, STRIDED_ORDER_C);
    strided_view_init(&w8, data + 8, STRIDED_F64, 1, eight, NULL, STRIDED_ORDER_C);
    strided_view_init(&o8, result, STRIDED_F64, 1, eight, NULL, STRIDED_ORDER_C);
    strided_view_init(&s, result, STRIDED_F64, 0, NULL, NULL, STRIDED_ORDER_C);
    strided_view_init(&sq, data, STRIDED_F64, 2, eight, NULL, STRIDED_ORDER_F);
    strided_view_init(&sqo, result, STRIDED_F64, 2, eight, NULL, STRIDED_ORDER_C);

    printf("libstrided %s, %s\n", strided_version(), strided_simd_level());
    MEASURE("view: init (4, 6, 8)", strided_view_init(&out, data, STRIDED_F64, 3, shape, NULL, STRIDED_ORDER_C));
    MEASURE("view: transpose, reversed", strided_view_transpose(&a, NULL, &out));
    MEASURE("view: transpose (2, 0, 1)", strided_view_transpose(&a, axes, &out));
    MEASURE("view: index [1:4:2, 3, ::-1]", strided_view_index(&a, 3, items, &out));
    MEASURE("view: reshape (24, 8)", strided_view_reshape(&a, 2, flat, STRIDED_ORDER_C, &out));
    MEASURE("view: broadcast (4, 1, 8)", strided_view_broadcast_to(&thin, 3, wide, &out));
    MEASURE("copy of 8", strided_copy(&v8, &o8));
    MEASURE("copy of a transposed 8 x 8", strided_copy(&sq, &sqo));
    MEASURE("add of 8", strided_add(&v8, &w8, &o8));
    MEASURE("add (4, 6) + (6,)", strided_add(&m, &row, &mo));
    MEASURE("sum of 8", strided_sum(&v8, 0, NULL, 0, &s));
    MEASURE("sum of (4, 6) over axis 0", strided_sum(&m, 1, &first, 0, &ro));
    return failures != 0;
}
