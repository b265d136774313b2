/* Memory of arrays: alignment, zeros, the caller's allocator, adopted memory, shared memory, refused sizes. */
#define _GNU_SOURCE

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static uintptr_t address(const strided_array *a)
{
    return (uintptr_t)strided_array_view(a)->data;
}

static void test_alignment_of_all_sizes(void)
{
    int64_t n;
    for (n = 0; n < 5000000; n = n < 300 ? n + 1 : n + n / 3) {
        strided_array *a = NULL, *z = NULL;
        if (!CHECK_OK(strided_array_new(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a)))
            return;
        if (!CHECK_OK(strided_array_zeros(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &z)))
            return;
        CHECK(address(a) % 64 == 0);
        CHECK(address(z) % 64 == 0);
        if (n > 0) {
            unsigned char *p = strided_array_view(a)->data, *q = strided_array_view(z)->data;
            p[0] = 1, p[n - 1] = 2; /* writeable to the end */
            CHECK(q[0] == 0 && q[n - 1] == 0 && q[n / 2] == 0);
            q[0] = q[n - 1] = 3;
        }
        strided_array_release(a);
        strided_array_release(z);
    }
}

static void test_zeros_are_zero_when_memory_is_used_again(void)
{
    int round;
    for (round = 0; round < 6; ++round) {
        int64_t i, n = 400000, bad = 0;
        strided_array *a = NULL;
        double *p;
        if (!CHECK_OK(strided_array_zeros(STRIDED_F64, 1, &n, STRIDED_ORDER_C, &a)))
            return;
        p = strided_array_view(a)->data;
        for (i = 0; i < n; ++i) {
            bad += p[i] != 0;
            p[i] = 1;
        }
        CHECK(bad == 0);
        strided_array_release(a);
    }
}

static void test_requested_alignment(void)
{
    int64_t align;
    for (align = 64; align <= 4096; align *= 2) {
        static const int64_t sizes[] = {0, 1, 63, 1000, 100000, 3000000};
        size_t k;
        for (k = 0; k < sizeof sizes / sizeof sizes[0]; ++k) {
            strided_array *a = NULL;
            if (CHECK_OK(strided_array_new_aligned(align, STRIDED_U8, 1, &sizes[k], STRIDED_ORDER_C, &a)))
                CHECK(address(a) % (uintptr_t)align == 0);
            strided_array_release(a);
        }
    }
}

/* A caller's allocator that keeps books. */
struct books {
    long allocs, zeroed, frees, wrong;
    size_t size[64], align[64];
    void *block[64];
    int n;
};

static void *book_alloc(void *ctx, size_t size, size_t align)
{
    struct books *books = ctx;
    void *p = NULL;
    if (books->n == 64 || posix_memalign(&p, align < 64 ? 64 : align, size ? size : 1) != 0)
        return NULL;
    books->wrong += align < 64 || (align & (align - 1)) != 0;
    memset(p, 0xEE, size);
    books->block[books->n] = p, books->size[books->n] = size, books->align[books->n] = align;
    ++books->n;
    ++books->allocs;
    return p;
}

static void *book_alloc_zeroed(void *ctx, size_t size, size_t align)
{
    struct books *books = ctx;
    void *p = book_alloc(ctx, size, align);
    if (p) {
        memset(p, 0, size);
        ++books->zeroed;
    }
    return p;
}

static void book_free(void *ctx, void *p, size_t size, size_t align)
{
    struct books *books = ctx;
    int i;
    for (i = 0; i < books->n; ++i)
        if (books->block[i] == p) {
            books->wrong += books->size[i] != size || books->align[i] != align;
            books->block[i] = NULL;
            ++books->frees;
            free(p);
            return;
        }
    ++books->wrong;
}

static void test_callers_allocator(void)
{
    struct books books;
    strided_allocator allocator;
    strided_array *a = NULL, *b = NULL, *c = NULL, *d = NULL;
    const double *p;
    strided_view part;
    memset(&books, 0, sizeof books);
    allocator.ctx = &books;
    allocator.alloc = book_alloc, allocator.alloc_zeroed = book_alloc_zeroed, allocator.free = book_free;
    CHECK_OK(strided_array_new_with(&allocator, STRIDED_F64, 2, I64(3, 5), STRIDED_ORDER_F, &a));
    CHECK_OK(strided_array_zeros_with(&allocator, STRIDED_F64, 2, I64(7, 5), STRIDED_ORDER_C, &b));
    memset(&allocator, 0, sizeof allocator); /* the arrays have their own copy of the table */
    CHECK(books.allocs == 2 && books.zeroed == 1 && books.frees == 0);
    CHECK(books.size[0] >= 3 * 5 * 8 && books.size[1] >= 7 * 5 * 8);
    CHECK(strided_array_view(a)->strides[0] == 8 && strided_array_view(a)->strides[1] == 24);
    p = strided_array_view(b)->data;
    CHECK(p[0] == 0 && p[34] == 0);
    CHECK_OK(strided_view_transpose(strided_array_view(b), NULL, &part));
    CHECK_OK(strided_array_from_view(b, &part, &c));
    CHECK_OK(strided_array_contiguous(c, STRIDED_ORDER_F, &d));
    CHECK(strided_array_view(d)->data == (const void *)p); /* the transposed one is F-contiguous: the same memory */
    strided_array_release(b);
    CHECK(books.frees == 0);
    strided_array_release(c);
    CHECK(books.frees == 0);
    strided_array_release(d);
    CHECK(books.frees == 1);
    strided_array_release(a);
    CHECK(books.frees == 2 && books.wrong == 0);
}

static void test_empty_arrays_with_an_allocator(void)
{
    struct books books;
    strided_allocator allocator;
    strided_array *a = NULL;
    memset(&books, 0, sizeof books);
    allocator.ctx = &books;
    allocator.alloc = book_alloc, allocator.alloc_zeroed = book_alloc_zeroed, allocator.free = book_free;
    if (CHECK_OK(strided_array_new_with(&allocator, STRIDED_F64, 2, I64(0, 5), STRIDED_ORDER_C, &a)))
        strided_array_release(a);
    CHECK(books.allocs == books.frees && books.wrong == 0);
}

static void test_allocator_without_zeroed_memory(void)
{
    struct books books;
    strided_allocator allocator;
    strided_array *a = NULL;
    const unsigned char *p;
    int i, bad = 0;
    memset(&books, 0, sizeof books);
    allocator.ctx = &books;
    allocator.alloc = book_alloc, allocator.alloc_zeroed = NULL, allocator.free = book_free;
    CHECK_OK(strided_array_zeros_with(&allocator, STRIDED_U8, 1, I64(1000), STRIDED_ORDER_C, &a));
    p = strided_array_view(a)->data;
    for (i = 0; i < 1000; ++i)
        bad += p[i] != 0;
    CHECK(bad == 0);
    strided_array_release(a);
    CHECK(books.allocs == 1 && books.frees == 1 && books.wrong == 0);
}

static void count_call(void *ctx)
{
    ++*(int *)ctx;
}

static void test_adopted_memory_is_released_once(void)
{
    double memory[12];
    int calls = 0;
    strided_view v, part;
    strided_array *a = NULL, *b = NULL, *c = NULL;
    CHECK_OK(strided_view_init(&v, memory, STRIDED_F64, 2, I64(3, 4), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_array_adopt(&v, count_call, &calls, &a));
    CHECK(strided_array_view(a)->data == (void *)memory);
    CHECK(strided_array_shares(a) == 1);
    CHECK(strided_array_retain(a) == a);
    CHECK(strided_array_shares(a) == 2);
    CHECK_OK(strided_view_transpose(&v, NULL, &part));
    CHECK_OK(strided_array_from_view(a, &part, &b));
    CHECK_OK(strided_array_from_view(b, &part, &c));
    CHECK(strided_array_shares(c) == 4);
    strided_array_release(a);
    strided_array_release(a);
    strided_array_release(b);
    CHECK(calls == 0);
    CHECK(strided_array_view(c)->shape[0] == 4);
    strided_array_release(c);
    CHECK(calls == 1);
    CHECK_OK(strided_array_adopt(&v, NULL, NULL, &a)); /* no callback: nobody to tell */
    strided_array_release(a);
}

static void test_read_only_memory_stays_so(void)
{
    static const double memory[4] = {1, 2, 3, 4};
    strided_view v, writeable;
    strided_array *a = NULL, *b = NULL;
    CHECK_OK(strided_view_init(&v, (void *)(uintptr_t)memory, STRIDED_F64, 1, I64(4), NULL, STRIDED_ORDER_C));
    writeable = v;
    CHECK_OK(strided_view_readonly(&v, &v));
    CHECK_OK(strided_array_adopt(&v, NULL, NULL, &a));
    CHECK(strided_array_view(a)->flags == STRIDED_READONLY);
    CHECK_STATUS(strided_array_from_view(a, &writeable, &b), STRIDED_E_READONLY);
    CHECK(b == NULL);
    strided_array_release(b);
    strided_array_release(a);
}

static void *retain_and_release(void *array)
{
    strided_array *a = array, *mine = NULL;
    int i;
    for (i = 0; i < 500; ++i) {
        strided_array_retain(a);
        if (strided_array_from_view(a, strided_array_view(a), &mine) == STRIDED_OK)
            strided_array_release(mine);
        strided_array_release(a);
    }
    strided_array_release(a); /* the share that this thread was given */
    return NULL;
}

static void test_handles_shared_between_threads(void)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    double memory[4] = {0};
    int calls = 0, i;
    strided_view v;
    strided_array *a = NULL;
    CHECK_OK(strided_view_init(&v, memory, STRIDED_F64, 1, I64(4), NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_array_adopt(&v, count_call, &calls, &a));
    for (i = 0; i < THREADS; ++i)
        strided_array_retain(a);
    strided_array_release(a); /* the last share is now one of the threads' */
    for (i = 0; i < THREADS; ++i)
        CHECK(pthread_create(&threads[i], NULL, retain_and_release, a) == 0);
    for (i = 0; i < THREADS; ++i)
        pthread_join(threads[i], NULL);
    CHECK(calls == 1);
}

/* Every size is refused with a status; below 2^47 bytes a system that promises any memory may also say yes. */
static long refuse_huge_sizes(int all)
{
    int bits;
    long bad = 0;
    for (bits = 40; bits <= 63; ++bits) {
        int64_t n = bits == 63 ? INT64_MAX : INT64_C(1) << bits;
        int k;
        for (k = 0; k < 4; ++k) {
            strided_array *a = NULL;
            strided_status s;
            n -= k;
            s = k == 0   ? strided_array_new(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a)
                : k == 1 ? strided_array_zeros(STRIDED_U8, 1, &n, STRIDED_ORDER_F, &a)
                : k == 2 ? strided_array_new_aligned(4096, STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a)
                         : strided_array_new_opaque(1, 1, &n, STRIDED_ORDER_C, &a);
            if (s == STRIDED_OK) {
                bad += all || bits >= 48;
                strided_array_release(a);
            } else {
                /* with room for alignment and huge pages, the very largest do not fit into 63 bits */
                bad += s != STRIDED_E_NO_MEMORY && !(s == STRIDED_E_OVERFLOW && n > INT64_MAX - (1 << 24));
                bad += a != NULL || !strstr(strided_last_error(), "bytes");
            }
        }
    }
    return bad;
}

static void test_huge_sizes(void)
{
    strided_view row, wide;
    strided_array *a = NULL;
    double one = 1;
    if (under_valgrind()) {
        CHECK_SKIP("huge sizes: valgrind has an address space of its own");
        return;
    }
    CHECK(refuse_huge_sizes(0) == 0);
    /* the copy of a small broadcast view may be as huge */
    CHECK_OK(strided_view_init(&row, &one, STRIDED_F64, 0, NULL, NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_view_broadcast_to(&row, 2, I64(INT64_C(1) << 28, INT64_C(1) << 28), &wide));
    CHECK_STATUS(strided_array_copy(&wide, STRIDED_ORDER_C, &a), STRIDED_E_NO_MEMORY);
    CHECK_STATUS(strided_array_cast(&wide, STRIDED_F32, STRIDED_CAST_UNSAFE, STRIDED_ORDER_K, &a), STRIDED_E_NO_MEMORY);
    CHECK(a == NULL);
}

static void test_huge_sizes_with_a_limit(void)
{
    pid_t child;
    int status = 0;
    if (under_valgrind()) {
        CHECK_SKIP("RLIMIT_AS: valgrind needs the address space itself");
        return;
    }
    if (getenv("STRIDED_EMULATED")) {
        CHECK_SKIP("RLIMIT_AS: an emulated program is not held to it");
        return;
    }
    fflush(stdout);
    child = fork();
    if (child == 0) {
        struct rlimit limit;
        int64_t n = INT64_C(3) << 29;
        strided_array *a = NULL;
        long bad;
        limit.rlim_cur = limit.rlim_max = (rlim_t)1 << 30;
        if (setrlimit(RLIMIT_AS, &limit) != 0)
            _exit(100);
        bad = refuse_huge_sizes(1);
        bad += strided_array_new(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a) != STRIDED_E_NO_MEMORY;
        bad += strided_array_zeros(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a) != STRIDED_E_NO_MEMORY;
        n = 1 << 20;
        bad += strided_array_new(STRIDED_U8, 1, &n, STRIDED_ORDER_C, &a) != STRIDED_OK;
        _exit(bad > 99 ? 99 : (int)bad);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_contiguous_shares_or_copies(void)
{
    strided_array *a = NULL, *same = NULL, *other = NULL, *view = NULL, *copy = NULL;
    strided_view part;
    double *p;
    int i;
    CHECK_OK(strided_array_new(STRIDED_F64, 2, I64(3, 4), STRIDED_ORDER_C, &a));
    p = strided_array_view(a)->data;
    for (i = 0; i < 12; ++i)
        p[i] = i;
    CHECK_OK(strided_array_contiguous(a, STRIDED_ORDER_C, &same));
    CHECK(address(same) == address(a) && strided_array_shares(a) == 2);
    CHECK_OK(strided_array_contiguous(a, STRIDED_ORDER_F, &other));
    CHECK(address(other) != address(a) && strided_array_shares(a) == 2 && strided_array_shares(other) == 1);
    CHECK(((double *)strided_array_view(other)->data)[1] == 4);
    CHECK_OK(strided_view_index(strided_array_view(a), 2,
                                (const strided_index[]){{STRIDED_INDEX_ELLIPSIS, 0, 0, 0, 0},
                                                        {STRIDED_INDEX_RANGE, 0, STRIDED_NONE, STRIDED_NONE, 2}},
                                &part));
    CHECK_OK(strided_array_from_view(a, &part, &view));
    CHECK_OK(strided_array_contiguous(view, STRIDED_ORDER_C, &copy));
    CHECK(address(copy) != address(view) && strided_array_view(copy)->strides[0] == 16);
    CHECK(((double *)strided_array_view(copy)->data)[3] == 6);
    strided_array_release(a), strided_array_release(same), strided_array_release(other);
    strided_array_release(view), strided_array_release(copy);
}

static void test_copies_of_a_view_without_axes(void)
{
    double x = 7;
    strided_view v;
    strided_array *a = NULL;
    CHECK_OK(strided_view_init(&v, &x, STRIDED_F64, 0, NULL, NULL, STRIDED_ORDER_C));
    CHECK_OK(strided_array_copy(&v, STRIDED_ORDER_C, &a));
    CHECK(strided_array_view(a)->ndim == 0 && *(double *)strided_array_view(a)->data == 7);
    strided_array_release(a);
}

int main(void)
{
    test_alignment_of_all_sizes();
    test_zeros_are_zero_when_memory_is_used_again();
    test_requested_alignment();
    test_callers_allocator();
    test_empty_arrays_with_an_allocator();
    test_allocator_without_zeroed_memory();
    test_adopted_memory_is_released_once();
    test_read_only_memory_stays_so();
    test_handles_shared_between_threads();
    test_huge_sizes();
    test_huge_sizes_with_a_limit();
    test_contiguous_shares_or_copies();
    test_copies_of_a_view_without_axes();
    return CHECK_REPORT();
}
