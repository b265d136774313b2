/* Bad input over the ABI: each row of the tables in bad_input/ is one wrong call.
 *
 * A row says which function is called with what, the status that must come back, the argument that the message must
 * name, and a word that the message must hold. Around each call the whole world (every view, number, buffer and
 * pointer that the call could write to) is compared byte by byte: a failing call writes nothing. After each failing
 * call a correct one must still work.
 *
 *     CASE(name, statuses, argument, word, function, (arguments))
 *
 * `statuses` is one STRIDED_E_... code; `argument` may list alternatives as "a|b"; an empty word asks for nothing. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

#include "bad_input/world.h"

#define CASE(name, statuses, argument, word, function, arguments) \
    static strided_status name(struct world *w) { (void)w; return function arguments; }
#include "bad_input/cases_basic.h"
#include "bad_input/cases_view.h"
#include "bad_input/cases_array.h"
#include "bad_input/cases_engine.h"
#include "bad_input/cases_operations.h"
#undef CASE

struct bad_case {
    const char *name;
    strided_status (*call)(struct world *);
    strided_status status;
    const char *argument, *word, *function;
};

#define CASE(name, status, argument, word, function, arguments) \
    {#name, name, STRIDED_##status, argument, word, #function},
static const struct bad_case cases[] = {
#include "bad_input/cases_basic.h"
#include "bad_input/cases_view.h"
#include "bad_input/cases_array.h"
#include "bad_input/cases_engine.h"
#include "bad_input/cases_operations.h"
};
#undef CASE

/* Does `text` start with one of the names in "a|b|c", as a whole word? */
static int starts_with_one_of(const char *text, const char *names)
{
    while (*names) {
        size_t n = strcspn(names, "|");
        char after = strncmp(text, names, n) == 0 ? text[n] : 'x';
        int letter = (after >= 'a' && after <= 'z') || (after >= '0' && after <= '9') || after == '_' || !after;
        if (!letter)
            return 1;
        names += n + (names[n] == '|');
    }
    return 0;
}

/* The message has the form "function: argument: text". */
static int message_names(const char *message, const struct bad_case *row)
{
    size_t n = strlen(row->function);
    if (strncmp(message, row->function, n) != 0 || strncmp(message + n, ": ", 2) != 0)
        return 0;
    return starts_with_one_of(message + n + 2, row->argument);
}

static int a_correct_call_works(void)
{
    double from[6] = {1, 2, 3, 4, 5, 6}, to[6] = {0};
    strided_view a, b;
    return strided_view_init(&a, from, STRIDED_F64, 2, I64(2, 3), NULL, STRIDED_ORDER_C) == STRIDED_OK &&
           strided_view_init(&b, to, STRIDED_F64, 2, I64(3, 2), NULL, STRIDED_ORDER_C) == STRIDED_OK &&
           strided_view_transpose(&b, NULL, &b) == STRIDED_OK && strided_copy(&a, &b) == STRIDED_OK &&
           to[0] == 1 && to[1] == 4 && to[2] == 2 && to[5] == 6;
}

static void run_case(const struct bad_case *row)
{
    static struct world world, before;
    char message[600], more[900];
    strided_status status;

    world_fill(&world);
    memcpy(&before, &world, sizeof world);
    status = row->call(&world);
    snprintf(message, sizeof message, "%s", strided_last_error());

    snprintf(more, sizeof more, "%s: status %s, expected %s; message: %s", row->name, strided_status_name(status),
             strided_status_name(row->status), message);
    CHECK_NAMED(status == row->status, more);
    snprintf(more, sizeof more, "%s: message '%s' does not start with '%s: %s'", row->name, message, row->function,
             row->argument);
    CHECK_NAMED(message_names(message, row), more);
    snprintf(more, sizeof more, "%s: no '%s' in message '%s'", row->name, row->word, message);
    CHECK_NAMED(strstr(message, row->word) != NULL, more);
    CHECK_NAMED(memcmp(&before, &world, sizeof world) == 0, row->name);
    CHECK_NAMED(strcmp(message, strided_last_error()) == 0, row->name);
    CHECK_NAMED(a_correct_call_works(), row->name);
}

/* Functions that return no status have values of their own for bad input. */
static void test_functions_without_status(void)
{
    struct world w;
    world_fill(&w);
    CHECK(strided_view_size(NULL) == -1);
    CHECK(strided_view_size(&w.bad_ndim_65) == -1);
    CHECK(strided_view_size(&w.bad_ndim_neg) == -1);
    CHECK(strided_view_size(&w.bad_extent) == -1);
    CHECK(strided_view_query(NULL) == 0);
    CHECK(strided_view_query(&w.bad_ndim_65) == 0);
    CHECK(strided_view_query(&w.bad_dtype) == 0);
    CHECK(strided_view_query(&w.bad_flags) == 0);
    CHECK(strided_array_view(NULL) == NULL);
    CHECK(strided_array_retain(NULL) == NULL);
    CHECK(strided_array_shares(NULL) == 0);
    strided_array_release(NULL);
    CHECK(strcmp(strided_dtype_name(0), "unknown") == 0);
    CHECK(strcmp(strided_dtype_name(17), "unknown") == 0);
    CHECK(strcmp(strided_dtype_name(INT32_MIN), "unknown") == 0);
    CHECK(strcmp(strided_status_name(-1), "unknown") == 0);
    CHECK(strcmp(strided_status_name(STRIDED_E_FILE + 1), "unknown") == 0);
    CHECK(strcmp(strided_status_name(INT32_MAX), "unknown") == 0);
    CHECK(strided_dtype_size(0) == -1);
    CHECK(strided_dtype_size(17) == -1);
    CHECK(strided_dtype_size(INT32_MIN) == -1);
    CHECK(strided_dtype_size(STRIDED_OPAQUE) == 0);
    CHECK(strided_last_error() != NULL);
}

/* Every status has a name of its own. */
static void test_status_names(void)
{
    int i, j;
    for (i = 0; i <= STRIDED_E_FILE; ++i) {
        CHECK(strcmp(strided_status_name(i), "unknown") != 0);
        for (j = 0; j < i; ++j)
            CHECK(strcmp(strided_status_name(i), strided_status_name(j)) != 0);
    }
}

static void *other_thread(void *result)
{
    int *good = result;
    strided_view v;
    *good = strided_last_error()[0] == 0;
    *good &= strided_view_init(&v, NULL, 99, 0, NULL, NULL, 0) != STRIDED_OK;
    *good &= strstr(strided_last_error(), "99") != NULL;
    return NULL;
}

/* The message belongs to the calling thread. */
static void test_last_error_is_per_thread(void)
{
    pthread_t thread;
    int good = 0;
    strided_view v;
    char mine[600];
    CHECK(strided_view_init(&v, NULL, 77, 0, NULL, NULL, 0) == STRIDED_E_ENUM);
    snprintf(mine, sizeof mine, "%s", strided_last_error());
    CHECK(strstr(mine, "77") != NULL);
    if (CHECK(pthread_create(&thread, NULL, other_thread, &good) == 0))
        pthread_join(thread, NULL);
    CHECK(good);
    CHECK(strcmp(mine, strided_last_error()) == 0);
}

int main(void)
{
    size_t i, n = sizeof cases / sizeof cases[0];
    world_open();
    CHECK(n >= 300);
    for (i = 0; i < n; ++i)
        run_case(&cases[i]);
    test_functions_without_status();
    test_status_names();
    test_last_error_is_per_thread();
    CHECK(release_calls == 0); /* no failed adopt has called its release function */
    CHECK(bad_allocator_blocks == 0);
    world_close();
    printf("%lu bad calls at level %s\n", (unsigned long)n, strided_simd_level());
    return CHECK_REPORT();
}
