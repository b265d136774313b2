/* Checks for the C tests: count what passed, print what failed, end with one line of totals.
 *
 * A test program includes this header, calls the macros from one thread (other threads report to it through
 * variables), and returns CHECK_REPORT() from main. The last line it prints is
 *
 *     N passed, M failed, K skipped
 *
 * and the exit status is 1 when anything failed. */
#ifndef STRIDED_TEST_CHECK_H
#define STRIDED_TEST_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <strided.h>

static long check_passed, check_failed, check_skipped;

/* A failure is printed once per check, and no more than this many of them. */
enum { CHECK_PRINT_LIMIT = 60 };

static int check_note(int good, const char *file, int line, const char *what, const char *more)
{
    if (good) {
        ++check_passed;
        return 1;
    }
    ++check_failed;
    if (check_failed <= CHECK_PRINT_LIMIT)
        printf("FAILED %s:%d: %s%s%s\n", file, line, what, more[0] ? ": " : "", more);
    return 0;
}

/* A program that calls nothing of the library by name (it loads it itself) says CHECK_WITHOUT_LIBRARY. */
#ifndef CHECK_WITHOUT_LIBRARY
static int check_status_is(strided_status got, strided_status wanted, const char *file, int line, const char *what)
{
    char more[700];
    more[0] = 0;
    if (got != wanted)
        snprintf(more, sizeof more, "status %s, expected %s; last error: %.500s", strided_status_name(got),
                 strided_status_name(wanted), strided_last_error());
    return check_note(got == wanted, file, line, what, more);
}
#endif

/* Each macro is an expression that is true when the check passed. */
#define CHECK(condition) check_note((condition) ? 1 : 0, __FILE__, __LINE__, #condition, "")
#define CHECK_NAMED(condition, name) check_note((condition) ? 1 : 0, __FILE__, __LINE__, #condition, (name))
#define CHECK_STATUS(call, wanted) check_status_is((call), (wanted), __FILE__, __LINE__, #call)
#define CHECK_OK(call) CHECK_STATUS(call, STRIDED_OK)

#define CHECK_SKIP(why) (++check_skipped, printf("skipped: %s\n", (why)))

#define CHECK_REPORT() \
    (printf("%ld passed, %ld failed, %ld skipped\n", check_passed, check_failed, check_skipped), \
     check_failed ? 1 : 0)

/* Lists of numbers, written where they are used. */
#define I64(...) ((const int64_t[]){__VA_ARGS__})
#define I32(...) ((const int32_t[]){__VA_ARGS__})

/* Valgrind puts its own allocator in front of the program's and needs memory itself. */
static inline int under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded && strstr(preloaded, "vgpreload");
}

#endif
