/* Running out of memory at every point: allocation number N fails, for N = 1, 2, ... until the call succeeds.
 *
 * The program defines the allocation functions of libc itself, so the calls of the library, shared or static, and of
 * the Rust runtime inside it come through here. Each call of the table below is run with one failure ("once") and
 * with every allocation from number N on failing ("from then on"). A call that fails says STRIDED_E_NO_MEMORY, has
 * written nothing, has leaked nothing, and works when it is tried again. */
#define _GNU_SOURCE

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#ifdef __GLIBC__

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static volatile int armed;
static volatile long attempts; /* volatile: the compiler takes malloc for a function that changes no variable of ours */
static long countdown, injected, live;
static long mapped; /* bytes: a mapping may be given back in pieces */
static int from_then_on;

/* Should this allocation fail? */
static int fails(void)
{
    ++attempts;
    if (!armed)
        return 0;
    --countdown;
    if (countdown == 0 || (countdown < 0 && from_then_on)) {
        ++injected;
        return 1;
    }
    return 0;
}

static void *counted(void *p)
{
    if (p)
        ++live;
    else
        errno = ENOMEM;
    return p;
}

void *malloc(size_t n)
{
    return counted(fails() ? NULL : __libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
    return counted(fails() ? NULL : __libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
    void *q = fails() ? NULL : __libc_realloc(p, n);
    if (!p)
        return counted(q);
    return q;
}

int posix_memalign(void **out, size_t align, size_t n)
{
    void *p = counted(fails() ? NULL : __libc_memalign(align, n));
    if (!p)
        return ENOMEM;
    *out = p;
    return 0;
}

void *aligned_alloc(size_t align, size_t n)
{
    return counted(fails() ? NULL : __libc_memalign(align, n));
}

void *memalign(size_t align, size_t n)
{
    return counted(fails() ? NULL : __libc_memalign(align, n));
}

void free(void *p)
{
    if (p)
        --live;
    __libc_free(p);
}

static long pages(size_t n)
{
    return (long)((n + 4095) / 4096 * 4096);
}

void *mmap(void *hint, size_t n, int protection, int flags, int fd, off_t offset)
{
    long p;
    if (fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    p = syscall(SYS_mmap, hint, n, protection, flags, fd, offset);
    if (p != -1)
        mapped += pages(n);
    return (void *)p;
}

int munmap(void *p, size_t n)
{
    mapped -= pages(n);
    return (int)syscall(SYS_munmap, p, n);
}

/* What the calls work on. The outputs are compared byte by byte around every call that fails. */
enum { SIDE = 96, LARGE = 600000 };
static double square[SIDE * SIDE], other[SIDE * SIDE];
static float singles[SIDE * SIDE];
static strided_view v_square, v_transposed, v_other, v_singles, v_column, v_scalar, v_row, v_half;
static strided_array *base;
static struct outputs {
    double square[SIDE * SIDE], other[SIDE * SIDE];
    strided_array *array;
    char text[4096];
    int64_t needed;
} before;
static strided_array *result;
static char text[4096];
static int64_t needed;
static char npy_path[64];

static void *plain_alloc(void *ctx, size_t size, size_t align)
{
    void *p = NULL;
    (void)ctx;
    return posix_memalign(&p, align, size ? size : align) == 0 ? p : NULL;
}

static void *plain_zeroed(void *ctx, size_t size, size_t align)
{
    void *p = plain_alloc(ctx, size, align);
    return p ? memset(p, 0, size) : NULL;
}

static void plain_free(void *ctx, void *p, size_t size, size_t align)
{
    (void)ctx, (void)size, (void)align;
    free(p);
}

static const strided_allocator plain = {NULL, plain_alloc, plain_zeroed, plain_free};
static void nothing(void *ctx) { (void)ctx; }

static void inner(void *ctx, int64_t count, void *const *pointers, const int64_t *strides)
{
    (void)ctx, (void)count, (void)pointers, (void)strides;
}

static strided_status new_small(void) { return strided_array_new(STRIDED_F64, 1, I64(10), 0, &result); }
static strided_status new_large(void) { return strided_array_new(STRIDED_F64, 1, I64(LARGE), 0, &result); }
static strided_status zeros_small(void) { return strided_array_zeros(STRIDED_F64, 1, I64(10), 0, &result); }
static strided_status zeros_large(void) { return strided_array_zeros(STRIDED_F64, 1, I64(LARGE), 0, &result); }
static strided_status new_empty(void) { return strided_array_new(STRIDED_F64, 1, I64(0), 0, &result); }
static strided_status new_opaque(void) { return strided_array_new_opaque(24, 1, I64(10), 0, &result); }
static strided_status new_page(void) { return strided_array_new_aligned(4096, STRIDED_I8, 1, I64(9), 0, &result); }
static strided_status new_with(void) { return strided_array_new_with(&plain, STRIDED_I8, 1, I64(9), 0, &result); }
static strided_status zeros_with(void) { return strided_array_zeros_with(&plain, STRIDED_I8, 1, I64(9), 0, &result); }
static strided_status adopt(void) { return strided_array_adopt(&v_square, nothing, NULL, &result); }
static strided_status from_view(void) { return strided_array_from_view(base, strided_array_view(base), &result); }
static strided_status copy_c(void) { return strided_array_copy(&v_transposed, STRIDED_ORDER_C, &result); }
static strided_status copy_k(void) { return strided_array_copy(&v_transposed, STRIDED_ORDER_K, &result); }
static strided_status cast(void) { return strided_array_cast(&v_square, STRIDED_I16, 4, 0, &result); }
static strided_status contiguous_same(void) { return strided_array_contiguous(base, STRIDED_ORDER_C, &result); }
static strided_status contiguous_copy(void) { return strided_array_contiguous(base, STRIDED_ORDER_F, &result); }
static strided_status copy_plain(void) { return strided_copy(&v_transposed, &v_other); }
static strided_status copy_overlap(void) { return strided_copy(&v_transposed, &v_square); }
static strided_status copy_mixed(void) { return strided_copy(&v_singles, &v_square); }
static strided_status copy_shifted(void) { return strided_copy(&v_half, &v_row); }
static strided_status fill(void) { return strided_fill(&v_square, STRIDED_F32, singles); }
static strided_status add_plain(void) { return strided_add(&v_square, &v_column, &v_other); }
static strided_status add_overlap(void) { return strided_add(&v_square, &v_transposed, &v_square); }
static strided_status add_mixed(void) { return strided_add(&v_singles, &v_transposed, &v_square); }
static strided_status divide(void) { return strided_divide(&v_square, &v_transposed, &v_other); }
static strided_status sum_all(void) { return strided_sum(&v_square, 0, NULL, 0, &v_scalar); }
static strided_status sum_rows(void) { return strided_sum(&v_square, 1, I32(0), 0, &v_row); }
static strided_status sum_mixed(void) { return strided_sum(&v_singles, 1, I32(1), 0, &v_row); }
static strided_status min_columns(void) { return strided_min(&v_transposed, 1, I32(0), 0, &v_row); }
static strided_status format(void) { return strided_format(&v_square, text, sizeof text, &needed); }
static strided_status describe(void) { return strided_describe(&v_square, text, sizeof text, &needed); }
static strided_status save(void) { return strided_npy_save(npy_path, &v_transposed); }
static strided_status load(void) { return strided_npy_load(npy_path, &result); }

static strided_status foreach(void)
{
    const strided_view *views[3];
    views[0] = &v_square, views[1] = &v_transposed, views[2] = &v_column;
    return strided_foreach(3, views, 0, inner, NULL);
}

static strided_status threads(void)
{
    strided_status s = strided_set_num_threads(2);
    if (s == STRIDED_OK)
        s = strided_add(strided_array_view(base), &v_scalar, strided_array_view(base));
    strided_set_num_threads(1);
    return s;
}

static const struct operation {
    const char *name;
    strided_status (*call)(void);
    int allocates; /* surely: the table would otherwise pass without an injected failure */
} operations[] = {
    {"new_small", new_small, 1}, {"new_large", new_large, 1}, {"zeros_small", zeros_small, 1},
    {"zeros_large", zeros_large, 1}, {"new_empty", new_empty, 1}, {"new_opaque", new_opaque, 1},
    {"new_page", new_page, 1}, {"new_with", new_with, 1}, {"zeros_with", zeros_with, 1}, {"adopt", adopt, 1},
    {"from_view", from_view, 1}, {"copy_c", copy_c, 1}, {"copy_k", copy_k, 1}, {"cast", cast, 1},
    {"contiguous_same", contiguous_same, 0}, {"contiguous_copy", contiguous_copy, 1}, {"copy_plain", copy_plain, 0},
    {"copy_overlap", copy_overlap, 0}, {"copy_mixed", copy_mixed, 0}, {"copy_shifted", copy_shifted, 0},
    {"fill", fill, 0}, {"add_plain", add_plain, 0}, {"add_overlap", add_overlap, 0}, {"add_mixed", add_mixed, 0},
    {"divide", divide, 0}, {"sum_all", sum_all, 0}, {"sum_rows", sum_rows, 0}, {"sum_mixed", sum_mixed, 0},
    {"min_columns", min_columns, 0}, {"format", format, 0}, {"describe", describe, 0}, {"save", save, 0},
    {"load", load, 1}, {"foreach", foreach, 0}, {"threads", threads, 0},
};

static void remember(struct outputs *o)
{
    memset(o, 0, sizeof *o);
    memcpy(o->square, square, sizeof square);
    memcpy(o->other, other, sizeof other);
    memcpy(o->text, text, sizeof text);
    o->array = result, o->needed = needed;
}

static void fill_inputs(void)
{
    int i;
    for (i = 0; i < SIDE * SIDE; ++i)
        square[i] = i + 1, other[i] = -i, singles[i] = (float)i;
    memset(text, 'x', sizeof text);
    needed = -77;
    result = NULL;
}

static void make_views(void)
{
    CHECK_OK(strided_view_init(&v_square, square, STRIDED_F64, 2, I64(SIDE, SIDE), NULL, 0));
    CHECK_OK(strided_view_init(&v_other, other, STRIDED_F64, 2, I64(SIDE, SIDE), NULL, 0));
    CHECK_OK(strided_view_init(&v_singles, singles, STRIDED_F32, 2, I64(SIDE, SIDE), NULL, 1));
    CHECK_OK(strided_view_transpose(&v_square, NULL, &v_transposed));
    CHECK_OK(strided_view_init(&v_column, singles, STRIDED_F32, 2, I64(SIDE, 1), NULL, 0));
    CHECK_OK(strided_view_init(&v_scalar, other, STRIDED_F64, 0, NULL, NULL, 0));
    CHECK_OK(strided_view_init(&v_row, other, STRIDED_F64, 1, I64(SIDE), NULL, 0));
    CHECK_OK(strided_view_init(&v_half, other + 1, STRIDED_F64, 1, I64(SIDE), NULL, 0));
}

/* One call with the failure at number `n`; returns whether a failure was injected. */
static int run_once(const struct operation *op, long n, int persistent)
{
    char about[200];
    strided_status s;
    long injected_now;
    static struct outputs after;
    fill_inputs();
    remember(&before);
    countdown = n, from_then_on = persistent, injected = 0;
    armed = 1;
    s = op->call();
    armed = 0;
    injected_now = injected;
    snprintf(about, sizeof about, "%s, failure at %ld%s: %s %.100s", op->name, n, persistent ? " and from then on" : "",
             strided_status_name(s), strided_last_error());
    if (!injected_now) {
        CHECK_NAMED(s == STRIDED_OK, about);
    } else if (s != STRIDED_OK) {
        CHECK_NAMED(s == STRIDED_E_NO_MEMORY, about);
        CHECK_NAMED(strlen(strided_last_error()) > 10, about);
        remember(&after);
        CHECK_NAMED(memcmp(&before, &after, sizeof after) == 0, about);
        CHECK_NAMED(op->call() == STRIDED_OK, about); /* the retry */
    }
    strided_array_release(result);
    result = NULL;
    return injected_now > 0;
}

static void run(const struct operation *op)
{
    int persistent, pass;
    for (pass = 0; pass < 2; ++pass) /* the first pass may fill caches, the second must leave nothing behind */
        for (persistent = 0; persistent < 2; ++persistent) {
            long live_before = live, mapped_before = mapped, n = 1;
            while (run_once(op, n, persistent) && n < 1000)
                ++n;
            CHECK_NAMED(n < 1000, op->name);
            CHECK_NAMED(n > 1 || !op->allocates, op->name);
            if (pass == 1) {
                CHECK_NAMED(live == live_before, op->name);
                CHECK_NAMED(mapped == mapped_before, op->name);
            }
        }
}

static int interposed(void)
{
    long seen = attempts;
    void *volatile p = malloc(10);
    free(p);
    return attempts > seen;
}

int main(void)
{
    size_t i;
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer); /* printing must not allocate */
    if (!interposed()) {
        /* Anywhere but there a test that can not inject a failure has failed. */
        if (CHECK(under_valgrind()))
            CHECK_SKIP("running out of memory: the allocation functions belong to valgrind");
        return CHECK_REPORT();
    }
    snprintf(npy_path, sizeof npy_path, "/tmp/strided_oom_%ld.npy", (long)getpid());
    fill_inputs();
    make_views();
    CHECK_OK(strided_array_zeros(STRIDED_F64, 2, I64(300, 400), STRIDED_ORDER_C, &base));
    save(); /* there must be something to load */
    for (i = 0; i < sizeof operations / sizeof operations[0]; ++i)
        run(&operations[i]);
    strided_array_release(base);
    remove(npy_path);
    return CHECK_REPORT();
}

#else

int main(void)
{
    CHECK_SKIP("running out of memory: needs glibc's names for its allocator");
    return CHECK_REPORT();
}

#endif
