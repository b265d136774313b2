/* The table at the end: the same work over arrays in mixed order by plain loops and by libstrided, each the best of some
 * runs in this process, and the ratio. The loops are what one writes first; both sides get the same arrays. */
#define _POSIX_C_SOURCE 199309L
#include "demo.h"

#include <stdio.h>
#include <time.h>

enum { RUNS = 5 };

/* The arrays of one size: a and c in C order, f in Fortran order, a row and a column. */
typedef struct arrays {
    int64_t n;
    strided_array *owner[6];
    strided_view a, f, row, column, c, row_out;
} arrays;

static double *numbers(const strided_view *view)
{
    return view->data;
}

static void naive_add(const arrays *x)
{
    const double *a = numbers(&x->a), *f = numbers(&x->f);
    double *c = numbers(&x->c);
    int64_t i, j;
    for (i = 0; i < x->n; i++)
        for (j = 0; j < x->n; j++)
            c[i * x->n + j] = a[i * x->n + j] + f[j * x->n + i];
}

static void strided_mixed_add(const arrays *x)
{
    demo_check(strided_add(&x->a, &x->f, &x->c));
}

static void naive_copy(const arrays *x)
{
    const double *f = numbers(&x->f);
    double *c = numbers(&x->c);
    int64_t i, j;
    for (i = 0; i < x->n; i++)
        for (j = 0; j < x->n; j++)
            c[i * x->n + j] = f[j * x->n + i];
}

static void strided_mixed_copy(const arrays *x)
{
    demo_check(strided_copy(&x->f, &x->c));
}

static void naive_column(const arrays *x)
{
    const double *f = numbers(&x->f), *column = numbers(&x->column);
    double *c = numbers(&x->c);
    int64_t i, j;
    for (i = 0; i < x->n; i++)
        for (j = 0; j < x->n; j++)
            c[i * x->n + j] = f[j * x->n + i] * column[i];
}

static void strided_column(const arrays *x)
{
    demo_check(strided_multiply(&x->f, &x->column, &x->c));
}

static void naive_row(const arrays *x)
{
    const double *a = numbers(&x->a), *row = numbers(&x->row);
    double *c = numbers(&x->c);
    int64_t i, j;
    for (i = 0; i < x->n; i++)
        for (j = 0; j < x->n; j++)
            c[i * x->n + j] = a[i * x->n + j] + row[j];
}

static void strided_row(const arrays *x)
{
    demo_check(strided_add(&x->a, &x->row, &x->c));
}

static void naive_sum(const arrays *x)
{
    const double *a = numbers(&x->a);
    double *out = numbers(&x->row_out);
    int64_t i, j;
    for (j = 0; j < x->n; j++) {
        double sum = 0;
        for (i = 0; i < x->n; i++)
            sum += a[i * x->n + j];
        out[j] = sum;
    }
}

static void strided_sum_rows(const arrays *x)
{
    const int32_t axis = 0;
    demo_check(strided_sum(&x->a, 1, &axis, 0, &x->row_out));
}

static const struct {
    const char *name;
    void (*naive)(const arrays *);
    void (*library)(const arrays *);
} tasks[] = {
    {"C order + F order -> C order", naive_add, strided_mixed_add},
    {"F order -> C order, copy", naive_copy, strided_mixed_copy},
    {"F order * column -> C order", naive_column, strided_column},
    {"C order + row -> C order", naive_row, strided_row},
    {"sum down the columns of C order", naive_sum, strided_sum_rows},
};

static strided_view make(arrays *x, int which, int32_t ndim, const int64_t *shape, int32_t order)
{
    int64_t i, size;
    double *element;
    strided_view view;
    demo_check(strided_array_new(STRIDED_F64, ndim, shape, order, &x->owner[which]));
    view = *strided_array_view(x->owner[which]);
    size = strided_view_size(&view);
    element = numbers(&view);
    for (i = 0; i < size; i++)
        element[i] = (double)((i * 37 + which) % 1024);
    return view;
}

static double milliseconds(void (*task)(const arrays *), const arrays *x, int repeat)
{
    double best = 0;
    int run, i;
    for (run = 0; run < RUNS; run++) {
        struct timespec from, to;
        double time;
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (i = 0; i < repeat; i++)
            task(x);
        clock_gettime(CLOCK_MONOTONIC, &to);
        time = ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / repeat;
        if (run == 0 || time < best)
            best = time;
    }
    return best;
}

static void compare_size(int64_t n, int repeat)
{
    const int64_t square[2] = {n, n}, row[2] = {1, n}, column[2] = {n, 1};
    arrays x;
    size_t i;
    x.n = n;
    x.a = make(&x, 0, 2, square, STRIDED_ORDER_C);
    x.f = make(&x, 1, 2, square, STRIDED_ORDER_F);
    x.c = make(&x, 2, 2, square, STRIDED_ORDER_C);
    x.row = make(&x, 3, 2, row, STRIDED_ORDER_C);
    x.column = make(&x, 4, 2, column, STRIDED_ORDER_C);
    x.row_out = make(&x, 5, 1, square, STRIDED_ORDER_C);
    for (i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        const double naive = milliseconds(tasks[i].naive, &x, repeat);
        const double library = milliseconds(tasks[i].library, &x, repeat);
        printf("  %-32s %5lld^2  %9.3f ms  %9.3f ms  %6.1f x\n", tasks[i].name, (long long)n, naive, library,
               naive / library);
    }
    for (i = 0; i < sizeof x.owner / sizeof *x.owner; i++)
        strided_array_release(x.owner[i]);
}

void demo_compare(void)
{
    printf("\nThe same work, f64, one thread, %s: best of %d runs here\n", strided_simd_level(), (int)RUNS);
    printf("  %-32s %7s  %12s  %12s  %8s\n", "", "size", "plain loops", "libstrided", "ratio");
    compare_size(256, 20);
    compare_size(2048, 1);
    fflush(stdout);
}
