/* What threads are worth: operations of several sizes on 1 thread and on N, through the C ABI. Prints microseconds, the median of
   the turns, which the two take in alternation, and how many times faster N threads are.

   cc -O2 threads.c $(pkg-config --cflags --libs strided) && ./a.out [N] */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <strided.h>
#include <sys/mman.h>
#include <time.h>

enum { TURNS = 21 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static char *room(size_t bytes) {
    const size_t huge = (size_t)2 << 20;
    char *p = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) exit(1);
    p += huge - (size_t)p % huge;
    madvise(p, bytes, MADV_HUGEPAGE);
    for (size_t i = 0; i + 8 <= bytes; i += 8) *(double *)(p + i) = (double)(i % 1000);
    return p;
}

static strided_view a, b, f, out, rows;
static const int32_t last = 1;

static int copy(void) { return strided_copy(&a, &out); }
static int transpose(void) { return strided_copy(&f, &out); }
static int add(void) { return strided_add(&a, &b, &out); }
static int add_orders(void) { return strided_add(&a, &f, &out); }
static int sum(void) { return strided_sum(&a, 1, &last, 0, &rows); }

static double turn(int (*call)(void), int32_t threads, int calls) {
    strided_set_num_threads(threads);
    const double start = now();
    for (int i = 0; i < calls; i++)
        if (call() != STRIDED_OK) printf("%s\n", strided_last_error()), exit(1);
    return (now() - start) / calls;
}

int main(int argc, char **argv) {
    const int32_t n = argc > 1 ? atoi(argv[1]) : 2;
    const int64_t most = 4096;
    char *memory[3];
    for (int i = 0; i < 3; i++) memory[i] = room((size_t)(most * most) * 8 + 65536);
    const struct {
        const char *name;
        int (*call)(void);
    } cases[] = {{"copy", copy}, {"copy transposed", transpose}, {"add", add}, {"add C + F", add_orders}, {"sum over rows", sum}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (int64_t side = 128; side <= most; side = side < 512 ? side * 3 / 2 : side * 2) {
            const int64_t shape[2] = {side, side};
            double times[2][TURNS];
            strided_view_init(&a, memory[0], STRIDED_F64, 2, shape, NULL, STRIDED_ORDER_C);
            strided_view_init(&b, memory[1] + 2112, STRIDED_F64, 2, shape, NULL, STRIDED_ORDER_C);
            strided_view_init(&f, memory[1] + 2112, STRIDED_F64, 2, shape, NULL, STRIDED_ORDER_F);
            strided_view_init(&out, memory[2] + 4224, STRIDED_F64, 2, shape, NULL, STRIDED_ORDER_C);
            strided_view_init(&rows, memory[2] + 4224, STRIDED_F64, 1, shape, NULL, STRIDED_ORDER_C);
            const double once = turn(cases[c].call, 1, 2);
            const int calls = once < 500 ? (int)(500 / once) + 1 : 1;
            for (int i = 0; i < TURNS; i++) {
                times[0][i] = turn(cases[c].call, 1, calls);
                times[1][i] = turn(cases[c].call, n, calls);
            }
            for (int i = 0; i < 2; i++) qsort(times[i], TURNS, sizeof times[i][0], ascending);
            const double one = times[0][TURNS / 2], many = times[1][TURNS / 2];
            printf("%-16s %5ld x %-5ld %8.0f KiB  1 thread %9.1f us  %d threads %9.1f us  x %.2f\n", cases[c].name, (long)side,
                   (long)side, (double)(side * side) * 8 / 1024, one, n, many, one / many);
        }
    }
    return 0;
}
