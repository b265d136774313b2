/* The measuring half of `cargo xtask compare`: limits of the machine, naive loops, and timed loops around calls.

   Compiled into a shared library that Python loads. Every contender is a job: a function and its arguments. job_run calls
   it n times in a row and returns the nanoseconds of one call, so that neither side of a comparison pays for Python's
   bytecode: functions of C libraries are called directly, NumPy's through PyObject_Vectorcall.

   Limits move as many bytes as the case does, with nothing to think about: a copy, a triad, a read, a write. Each exists
   with ordinary stores and with non-temporal ones; the better one of a case is its limit.

   gcc -O3 -fPIC -shared -mprefer-vector-width=512 measure.c */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define LEVELS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LEVELS
#endif

/* ---- memory ---- */

/* Memory on huge pages where the system gives them, touched; NULL when there is none. */
char *room(size_t bytes) {
    const size_t huge = (size_t)2 << 20;
    char *p = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return NULL;
    p += huge - (uintptr_t)p % huge;
    madvise(p, bytes, MADV_HUGEPAGE);
    for (size_t i = 0; i + 8 <= bytes; i += 8) *(uint64_t *)(p + i) = (i * 0x9E3779B97F4A7C15u) >> 12;
    return p;
}

/* ---- limits; all return 0, for success ---- */

/* One cache line, moved by the widest registers that there are. */
typedef uint64_t line __attribute__((vector_size(64), aligned(8), may_alias));

static volatile uint64_t sink;

LEVELS int32_t limit_read(const char *in, size_t bytes) {
    const line *p = (const line *)in;
    line a = {0}, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
    size_t i = 0, n = bytes / 64;
    for (; i + 8 <= n; i += 8) {
        a += p[i], b += p[i + 1], c += p[i + 2], d += p[i + 3];
        e += p[i + 4], f += p[i + 5], g += p[i + 6], h += p[i + 7];
    }
    for (; i < n; i++) a += p[i];
    a += b + c + d + e + f + g + h;
    sink = a[0] + a[1] + a[2] + a[3] + a[4] + a[5] + a[6] + a[7];
    return 0;
}

int32_t limit_memcpy(char *out, const char *in, size_t bytes) { return memcpy(out, in, bytes), 0; }

LEVELS int32_t limit_copy(char *out, const char *in, size_t bytes) {
    line *o = (line *)out;
    const line *p = (const line *)in;
    for (size_t i = 0; i < bytes / 64; i++) o[i] = p[i];
    memcpy(out + bytes / 64 * 64, in + bytes / 64 * 64, bytes % 64);
    return 0;
}

LEVELS int32_t limit_fill(char *out, size_t bytes) {
    line *o = (line *)out, v = {0};
    v += (uint64_t)bytes;
    for (size_t i = 0; i < bytes / 64; i++) o[i] = v;
    return 0;
}

LEVELS int32_t limit_two(char *out, const char *a, const char *b, size_t bytes) {
    line *o = (line *)out;
    const line *p = (const line *)a, *q = (const line *)b;
    for (size_t i = 0; i < bytes / 64; i++) o[i] = p[i] + q[i];
    return 0;
}

LEVELS int32_t limit_in_place(char *out, size_t bytes) {
    line *o = (line *)out;
    for (size_t i = 0; i < bytes / 64; i++) o[i] += 3;
    return 0;
}

LEVELS int32_t limit_in_place_two(char *out, const char *a, size_t bytes) {
    line *o = (line *)out;
    const line *p = (const line *)a;
    for (size_t i = 0; i < bytes / 64; i++) o[i] += p[i];
    return 0;
}

#if defined(__x86_64__)

int32_t limit_movsb(char *out, const char *in, size_t bytes) {
    __asm__ volatile("rep movsb" : "+D"(out), "+S"(in), "+c"(bytes) : : "memory");
    return 0;
}

#define AVX2 __attribute__((target("avx2")))
#define STREAM(at, v) _mm256_stream_si256((__m256i *)(at), v)
#define LOAD(at) _mm256_loadu_si256((const __m256i *)(at))

/* The streamed ones want `out` at a multiple of 32. */
AVX2 int32_t limit_copy_streamed(char *out, const char *in, size_t bytes) {
    for (size_t i = 0; i + 64 <= bytes; i += 64) {
        STREAM(out + i, LOAD(in + i));
        STREAM(out + i + 32, LOAD(in + i + 32));
    }
    _mm_sfence();
    return 0;
}

AVX2 int32_t limit_fill_streamed(char *out, size_t bytes) {
    const __m256i v = _mm256_set1_epi64x((long long)bytes);
    for (size_t i = 0; i + 64 <= bytes; i += 64) {
        STREAM(out + i, v);
        STREAM(out + i + 32, v);
    }
    _mm_sfence();
    return 0;
}

AVX2 int32_t limit_two_streamed(char *out, const char *a, const char *b, size_t bytes) {
    for (size_t i = 0; i + 64 <= bytes; i += 64) {
        STREAM(out + i, _mm256_add_epi64(LOAD(a + i), LOAD(b + i)));
        STREAM(out + i + 32, _mm256_add_epi64(LOAD(a + i + 32), LOAD(b + i + 32)));
    }
    _mm_sfence();
    return 0;
}

int32_t limit_streams(void) { return __builtin_cpu_supports("avx2") != 0; }

#else

int32_t limit_movsb(char *out, const char *in, size_t bytes) { return memcpy(out, in, bytes), 0; }
int32_t limit_copy_streamed(char *out, const char *in, size_t bytes) { return memcpy(out, in, bytes), 0; }
int32_t limit_fill_streamed(char *out, size_t bytes) { return memset(out, 1, bytes), 0; }
int32_t limit_two_streamed(char *out, const char *a, const char *b, size_t bytes) { return limit_two(out, a, b, bytes); }
int32_t limit_streams(void) { return 0; }

#endif

/* Any mixture: reads `in` and `more` bytes and writes `w`, a little of each in turn. `streamed`: with non-temporal stores. */
int32_t limit_mix(char *out, size_t w, const char *a, size_t in, const char *b, size_t more, size_t streamed) {
    const size_t most = w > in ? (w > more ? w : more) : (in > more ? in : more);
    const size_t steps = most / 4096 + 1;
#define AT(bytes, i) ((size_t)((double)(bytes) * (double)(i) / (double)steps) / 64 * 64)
    for (size_t i = 0; i < steps; i++) {
        size_t from = AT(in, i), to = AT(in, i + 1);
        if (to > from) limit_read(a + from, to - from);
        from = AT(more, i), to = AT(more, i + 1);
        if (to > from) limit_read(b + from, to - from);
        from = AT(w, i), to = AT(w, i + 1);
        if (to > from) (streamed ? limit_fill_streamed : limit_fill)(out + from, to - from);
    }
#undef AT
    return 0;
}

/* ---- the loops that everybody writes ---- */

struct nest {
    int64_t ndim, extent[64], src[64], dst[64];
};

#define NAIVE(T)                                                                                      \
    static void naive_##T(const struct nest *n, int64_t axis, const char *src, char *dst) {           \
        const int64_t extent = n->extent[axis], s = n->src[axis], d = n->dst[axis];                   \
        if (axis + 1 < n->ndim)                                                                       \
            for (int64_t i = 0; i < extent; i++) naive_##T(n, axis + 1, src + i * s, dst + i * d);    \
        else                                                                                          \
            for (int64_t i = 0; i < extent; i++) *(T *)(dst + i * d) = *(const T *)(src + i * s);     \
    }
typedef struct {
    double re, im;
} two_doubles;
NAIVE(uint8_t)
NAIVE(uint16_t)
NAIVE(uint32_t)
NAIVE(uint64_t)
NAIVE(two_doubles)

/* Copies by a loop nest; the axes are in the order in which the destination lies in memory. */
int32_t naive_copy(const struct nest *n, const char *src, char *dst, size_t item) {
    switch (item) {
        case 1: return naive_uint8_t(n, 0, src, dst), 0;
        case 2: return naive_uint16_t(n, 0, src, dst), 0;
        case 4: return naive_uint32_t(n, 0, src, dst), 0;
        case 8: return naive_uint64_t(n, 0, src, dst), 0;
        case 16: return naive_two_doubles(n, 0, src, dst), 0;
        default: return 1;
    }
}

/* ---- jobs ---- */

enum { CALL, PYTHON, OMATCOPY_S, OMATCOPY_D, OMATCOPY_Z };

/* `CALL` passes its words in registers, as all calling conventions of 64-bit Unix do: a function takes those it has. */
typedef struct job {
    int64_t kind;
    void *function;
    uintptr_t word[8];
} job;

typedef int32_t (*words)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t);
typedef void *(*vectorcall)(void *callable, const uintptr_t *arguments, size_t n, void *names);
typedef void (*decref)(void *);
typedef void (*somatcopy)(int, int, int64_t, int64_t, float, const void *, int64_t, void *, int64_t);
typedef void (*domatcopy)(int, int, int64_t, int64_t, double, const void *, int64_t, void *, int64_t);
typedef void (*zomatcopy)(int, int, int64_t, int64_t, const double *, const void *, int64_t, void *, int64_t);

/* PYTHON: word 0 the callable, 1 the address of its arguments, 2 how many of them have no name, 3 the tuple of names or 0,
   4 Py_DecRef. */
static int32_t run_python(const job *j, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        void *result = ((vectorcall)j->function)((void *)j->word[0], (const uintptr_t *)j->word[1], j->word[2],
                                                 (void *)j->word[3]);
        if (!result) return -1;
        ((decref)j->word[4])(result);
    }
    return 0;
}

/* OMATCOPY: rows, columns, source and its leading dimension, destination and its own. Row-major (101), transposed (112). */
static void run_omatcopy(const job *j, int64_t n) {
    const double one[2] = {1, 0};
    const int64_t rows = (int64_t)j->word[0], columns = (int64_t)j->word[1], lda = (int64_t)j->word[3],
                  ldb = (int64_t)j->word[5];
    const void *a = (const void *)j->word[2];
    void *b = (void *)j->word[4];
    for (int64_t i = 0; i < n; i++) {
        if (j->kind == OMATCOPY_S) ((somatcopy)j->function)(101, 112, rows, columns, 1, a, lda, b, ldb);
        if (j->kind == OMATCOPY_D) ((domatcopy)j->function)(101, 112, rows, columns, 1, a, lda, b, ldb);
        if (j->kind == OMATCOPY_Z) ((zomatcopy)j->function)(101, 112, rows, columns, one, a, lda, b, ldb);
    }
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds per call of n calls. `*status` is what the last call said: 0 for success. */
double job_run(const job *j, int64_t n, int32_t *status) {
    const double start = now();
    *status = 0;
    if (j->kind == PYTHON) {
        *status = run_python(j, n);
    } else if (j->kind == CALL) {
        const uintptr_t *w = j->word;
        for (int64_t i = 0; i < n; i++)
            *status = ((words)j->function)(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
    } else {
        run_omatcopy(j, n);
    }
    return (now() - start) / (double)n;
}
