/* Many threads at once: the very first calls of the process, shared inputs, disjoint outputs, messages of their own. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

enum { THREADS = 8, ROWS = 64, COLUMNS = 50, ROUNDS = 60 };

/* A barrier: pthread_barrier is optional in POSIX. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int waiting;

static void wait_for_all(void)
{
    pthread_mutex_lock(&mutex);
    if (++waiting == THREADS)
        pthread_cond_broadcast(&condition);
    while (waiting < THREADS)
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
}

struct job {
    int number;
    long bad;
    const char *why;
    double own[ROWS * COLUMNS];
};

static double input[ROWS * COLUMNS], output[THREADS * ROWS * COLUMNS];
static strided_array *shared;

static void expect(struct job *job, int good, const char *why)
{
    if (!good) {
        ++job->bad;
        job->why = why;
    }
}

/* The first call of the library in this process, from all threads at once: it finds out what the CPU can do. */
static void *first_use(void *argument)
{
    struct job *job = argument;
    strided_view a, b;
    double total = 0;
    int i;
    wait_for_all();
    expect(job, strided_view_init(&a, job->own, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, 0) == STRIDED_OK, "init");
    for (i = 0; i < ROWS * COLUMNS; ++i)
        job->own[i] = job->number + 1;
    expect(job, strided_add(&a, &a, &a) == STRIDED_OK, "add");
    expect(job, strided_view_init(&b, &total, STRIDED_F64, 0, NULL, NULL, 0) == STRIDED_OK, "init of the sum");
    expect(job, strided_sum(&a, 0, NULL, 0, &b) == STRIDED_OK, "sum");
    expect(job, total == 2.0 * (job->number + 1) * ROWS * COLUMNS, "total");
    expect(job, strided_simd_level()[0] != 0, "level");
    return NULL;
}

/* Reads one array, writes to its own part of another, keeps its own error text, shares handles. */
static void *work(void *argument)
{
    struct job *job = argument;
    char mine[500], number[20];
    int round, i;
    snprintf(number, sizeof number, "%d", 1000 + job->number);
    for (round = 0; round < ROUNDS; ++round) {
        strided_view in, out;
        strided_array *copy = NULL, *same = NULL;
        double *part = output + (size_t)job->number * ROWS * COLUMNS;
        expect(job, strided_view_transpose(strided_array_view(shared), NULL, &in) == STRIDED_OK, "transpose");
        expect(job, strided_view_swapaxes(&in, 1000 + job->number, 0, &out) == STRIDED_E_AXIS, "axis");
        snprintf(mine, sizeof mine, "%s", strided_last_error());
        expect(job, strstr(mine, number) != NULL, "message of another thread");
        expect(job, strided_view_init(&out, part, STRIDED_F64, 2, I64(COLUMNS, ROWS), NULL, 0) == STRIDED_OK, "init");
        expect(job, strided_add(&in, &in, &out) == STRIDED_OK, "add");
        for (i = 0; i < ROWS * COLUMNS; i += 7)
            expect(job, part[i] == 2 * (double)((i % ROWS) * COLUMNS + i / ROWS), "sum of another thread");
        expect(job, strided_array_copy(&in, STRIDED_ORDER_K, &copy) == STRIDED_OK, "copy");
        strided_array_retain(shared);
        expect(job, strided_array_contiguous(shared, STRIDED_ORDER_C, &same) == STRIDED_OK, "contiguous");
        strided_array_release(same);
        strided_array_release(shared);
        strided_array_release(copy);
        expect(job, strcmp(mine, strided_last_error()) == 0, "message changed");
    }
    return NULL;
}

static void run(void *(*body)(void *), const char *name)
{
    static struct job jobs[THREADS];
    pthread_t threads[THREADS];
    int i;
    waiting = 0;
    for (i = 0; i < THREADS; ++i) {
        memset(&jobs[i], 0, sizeof jobs[i]);
        jobs[i].number = i;
        if (!CHECK(pthread_create(&threads[i], NULL, body, &jobs[i]) == 0))
            return;
    }
    for (i = 0; i < THREADS; ++i) {
        char more[200];
        pthread_join(threads[i], NULL);
        snprintf(more, sizeof more, "%s, thread %d: %s", name, i, jobs[i].why ? jobs[i].why : "");
        CHECK_NAMED(jobs[i].bad == 0, more);
    }
}

static void *nothing_said_yet(void *answer)
{
    *(int *)answer = strided_last_error() != NULL && strided_last_error()[0] == 0;
    return NULL;
}

static void test_a_new_thread_has_no_message(void)
{
    pthread_t thread;
    int good = 0;
    strided_view v;
    CHECK(strided_view_transpose(NULL, NULL, &v) == STRIDED_E_NULL);
    CHECK(strided_last_error()[0] != 0);
    if (CHECK(pthread_create(&thread, NULL, nothing_said_yet, &good) == 0))
        pthread_join(thread, NULL);
    CHECK(good);
}

int main(void)
{
    int64_t i;
    strided_view v;
    run(first_use, "first use");
    for (i = 0; i < ROWS * COLUMNS; ++i)
        input[i] = (double)i;
    CHECK_OK(strided_view_init(&v, input, STRIDED_F64, 2, I64(ROWS, COLUMNS), NULL, 0));
    CHECK_OK(strided_array_copy(&v, STRIDED_ORDER_C, &shared));
    run(work, "work");
    CHECK(strided_array_shares(shared) == 1);
    strided_array_release(shared);
    test_a_new_thread_has_no_message();
    return CHECK_REPORT();
}
