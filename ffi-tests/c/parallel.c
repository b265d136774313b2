/* Operations on several threads: the same bits as on one, in a child of a process that had threads, and when no thread can
   be made. */
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { ROWS = 700, COLUMNS = 900, N = ROWS * COLUMNS, TOTALS = 1 + COLUMNS + ROWS };

/* Room for a view that begins one and two elements later. */
static double a[N + 2], b[N], expected[N], out[N];
static double totals[TOTALS];
static strided_view va, vb, result, plain, thrice;

/* 15 MB of traffic: enough for more threads than anybody asks for here. */
static int add(strided_view *into)
{
    return strided_add(&va, &vb, into) == STRIDED_OK;
}

static int same(void)
{
    memset(out, 0, sizeof out);
    return add(&result) && memcmp(out, expected, sizeof out) == 0;
}

/* Sums over everything, over columns and over rows of the same elements three times over: 15 MB. */
static int sums(double *to)
{
    strided_view one, row, column;
    int ok = strided_view_init(&thrice, a, STRIDED_F64, 3, I64(3, ROWS, COLUMNS), I64(8, COLUMNS * 8, 8), STRIDED_ORDER_C)
            == STRIDED_OK
        && strided_view_init(&one, to, STRIDED_F64, 0, NULL, NULL, STRIDED_ORDER_C) == STRIDED_OK
        && strided_view_init(&row, to + 1, STRIDED_F64, 1, I64(COLUMNS), NULL, STRIDED_ORDER_C) == STRIDED_OK
        && strided_view_init(&column, to + 1 + COLUMNS, STRIDED_F64, 1, I64(ROWS), NULL, STRIDED_ORDER_C) == STRIDED_OK;
    return ok && strided_sum(&thrice, 3, I32(0, 1, 2), 0, &one) == STRIDED_OK
        && strided_sum(&thrice, 2, I32(0, 1), 0, &row) == STRIDED_OK
        && strided_sum(&thrice, 2, I32(0, 2), 0, &column) == STRIDED_OK;
}

static int same_sums(void)
{
    double again[TOTALS];
    return sums(again) && memcmp(again, totals, sizeof again) == 0;
}

/* The sum over everything only: those over columns need memory on one thread too. */
static int same_sum(void)
{
    strided_view one;
    double again = 0;
    return strided_view_init(&one, &again, STRIDED_F64, 0, NULL, NULL, STRIDED_ORDER_C) == STRIDED_OK
        && strided_sum(&thrice, 3, I32(0, 1, 2), 0, &one) == STRIDED_OK && memcmp(&again, totals, sizeof again) == 0;
}

/* Runs `test` in a child of this process; true when it returned true. */
static int in_child(int (*test)(void))
{
    int status = 1;
    pid_t child;
    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(test() ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Has the pages of the stack that reductions use: without memory it can not grow. */
static int has_stack(void)
{
    volatile char room[1 << 20];
    size_t i;
    int sum = 0;
    for (i = 0; i < sizeof room; i += 1024)
        room[i] = 0;
    for (i = 0; i < sizeof room; i += 1024)
        sum += room[i];
    return sum == 0;
}

/* No more memory for anything, so none for the stacks of threads. */
static int without_threads(void)
{
    struct rlimit limit = {1, 1};
    return has_stack() && strided_set_num_threads(4) == STRIDED_OK && setrlimit(RLIMIT_AS, &limit) == 0 && same() && same_sum();
}

static int without_rights(void)
{
    struct rlimit limit = {0, 0};
    return strided_set_num_threads(4) == STRIDED_OK && setrlimit(RLIMIT_NPROC, &limit) == 0 && same() && same_sums();
}

int main(void)
{
    int i, n;
    a[N] = a[N + 1] = 0.5;
    for (i = 0; i < N; ++i) {
        a[i] = 1.0 / (i + 1);
        b[i] = 3.0 * i;
    }
    CHECK_OK(strided_view_init(&va, a, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_view_init(&vb, b, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, STRIDED_ORDER_F));
    CHECK_OK(strided_view_init(&result, out, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_view_init(&plain, expected, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_set_num_threads(1));
    CHECK(add(&plain));
    CHECK(sums(totals));
    if (under_valgrind())
        CHECK_SKIP("no memory for threads: there would be none for valgrind either");
    else
        CHECK_NAMED(in_child(without_threads), "when there is no memory for threads");
    CHECK_NAMED(in_child(without_rights), "when no more threads are allowed");
    for (n = 1; n <= 8; ++n) {
        CHECK_OK(strided_set_num_threads(n));
        CHECK(same());
        CHECK(same_sums());
    }
    CHECK_NAMED(in_child(same), "in the child of a process that had threads");
    CHECK(same());
    CHECK_STATUS(strided_set_num_threads(0), STRIDED_E_VALUE);
    CHECK_STATUS(strided_set_num_threads(-3), STRIDED_E_VALUE);
    CHECK(same());
    return CHECK_REPORT();
}
