/* What memory allows a transpose of N x N bytes: the same lines read and written in the order of the engine, with nothing else done.
   Prints medians of 7 rounds in which all took turns, in milliseconds and in shares of a plain streamed copy. "R" are the rows of a
   strip, of each of which "C" bytes are read at once; a strip has R bytes of each column, which are written back to back.
   Figures of docs/limits.md. For machines with AVX-512:

   cc -O3 -march=native traffic.c && ./a.out [N] */
#define _GNU_SOURCE
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, ROUNDS = 7 };

static unsigned char *src, *dst;
static long n;
static int wanted; /* so that what is read is */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* In a register: a number that is stored for each line would cost as much as the line. */
static __m512i read_line(__m512i seen, const unsigned char *at) {
    return _mm512_xor_si512(seen, _mm512_loadu_si512(at));
}

static void write_line(unsigned char *at) {
    _mm512_stream_si512((void *)at, _mm512_set1_epi8(1));
}

/* The line of the destination where a strip goes on with a column. */
static unsigned char *column(long strip, long at) {
    unsigned char *to = dst + at * n + strip;
    return to - (size_t)to % LINE;
}

static void copy(long rows, long chunk) {
    (void)rows, (void)chunk;
    for (long i = 0; i + LINE <= n * n; i += LINE) {
        _mm_prefetch((const char *)src + i + 4096, _MM_HINT_T1);
        _mm512_stream_si512((void *)(dst + i), _mm512_loadu_si512(src + i));
    }
}

static void reads(long rows, long chunk) {
    __m512i seen = _mm512_setzero_si512();
    for (long strip = 0; strip + rows <= n; strip += rows)
        for (long c = 0; c + chunk <= n; c += chunk)
            for (long r = 0; r < rows; r++)
                for (long k = 0; k < chunk; k += LINE) seen = read_line(seen, src + (strip + r) * n + c + k);
    wanted += _mm512_reduce_add_epi32(seen);
}

static void writes(long rows, long chunk) {
    (void)chunk;
    for (long strip = 0; strip + rows <= n; strip += rows)
        for (long c = 0; c < n; c++)
            for (long k = 0; k < rows; k += LINE) write_line(column(strip, c) + k);
}

/* As many lines are asked for, and read that were asked for a chunk before, as are written. */
static void both(long rows, long chunk) {
    __m512i seen = _mm512_setzero_si512();
    for (long strip = 0; strip + rows <= n; strip += rows) {
        long r = 0, c = 0, k = 0;
        for (long at = 0; at < n; at++) {
            for (long i = 0; i < rows; i += LINE) write_line(column(strip, at) + i);
            for (long i = 0; i < rows; i += LINE) {
                const unsigned char *from = src + (strip + r) * n + c + k;
                if (c + k < n) _mm_prefetch((const char *)from, _MM_HINT_T0);
                if (c >= chunk) seen = read_line(seen, from - chunk);
                if ((k += LINE) < chunk) continue;
                k = 0;
                if (++r == rows) r = 0, c += chunk;
            }
        }
    }
    wanted += _mm512_reduce_add_epi32(seen);
}

static const struct {
    const char *name;
    void (*run)(long rows, long chunk);
    long rows, chunk;
} CASES[] = {
    {"a plain streamed copy", copy, 0, 0},
    {"reads,  R 128, C 1024", reads, 128, 1024},
    {"writes, R 64", writes, 64, 0},
    {"writes, R 128", writes, 128, 0},
    {"both,   R 128, C 64", both, 128, 64},
    {"both,   R 128, C 512", both, 128, 512},
    {"both,   R 128, C 1024", both, 128, 1024},
    {"both,   R 512, C 1024", both, 512, 1024},
};
enum { COUNT = sizeof CASES / sizeof *CASES };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static unsigned char *memory(size_t bytes) {
    const size_t huge = (size_t)2 << 20;
    unsigned char *at = NULL;
    if (posix_memalign((void **)&at, huge, bytes + huge) != 0) return NULL;
    madvise(at, bytes + huge, MADV_HUGEPAGE);
    memset(at, 1, bytes + huge);
    return at;
}

int main(int argc, char **argv) {
    n = argc > 1 ? atol(argv[1]) : 10000;
    if (n < 2048 || n > 40000) return fprintf(stderr, "N is 2048 to 40000\n"), 1;
    src = memory((size_t)(n * n));
    dst = memory((size_t)(n * n));
    if (src == NULL || dst == NULL) return fprintf(stderr, "no memory\n"), 1;
    static double times[COUNT][ROUNDS];
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < COUNT; i++) {
            double start = now();
            CASES[i].run(CASES[i].rows, CASES[i].chunk);
            _mm_sfence();
            times[i][round] = now() - start;
        }
    for (int i = 0; i < COUNT; i++) {
        qsort(times[i], ROUNDS, sizeof **times, ascending);
        double time = times[i][ROUNDS / 2];
        printf("%-24s %8.2f ms  %.2f\n", CASES[i].name, time, times[0][ROUNDS / 2] / time);
    }
    return wanted == 12345;
}
