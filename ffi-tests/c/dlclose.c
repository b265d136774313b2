/* Loading and unloading the library many times, also while a thread holds an error message of it.
 *
 * The path of the shared library comes from the environment variable STRIDED_SO. It is copied to a file of its own
 * first: this program may be linked with the library as well, and what is linked would never be unloaded. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define CHECK_WITHOUT_LIBRARY
#include "check.h"

/* Loading takes half a second under valgrind. */
static int loads(void)
{
    return under_valgrind() ? 15 : 100;
}

typedef strided_status (*init_function)(strided_view *, void *, int32_t, int32_t, const int64_t *, const int64_t *,
                                        int32_t);
typedef const char *(*text_function)(void);
typedef strided_status (*new_function)(int32_t, int32_t, const int64_t *, int32_t, strided_array **);
typedef void (*release_function)(strided_array *);

/* ISO C has no conversion from an object pointer to a function pointer; POSIX wants one. */
static int find(void *library, const char *name, void *function, size_t size)
{
    void *p = dlsym(library, name);
    if (p && size == sizeof p)
        memcpy(function, &p, size);
    return p != NULL;
}

struct user {
    init_function init;
    text_function last_error;
    int good;
};

/* Makes an error in a thread of its own. */
static void *user_thread(void *argument)
{
    struct user *user = argument;
    strided_view v;
    user->good = user->init(&v, NULL, 4711, 0, NULL, NULL, 0) == STRIDED_E_ENUM &&
                 strstr(user->last_error(), "4711") != NULL;
    return NULL;
}

static int load_and_use(const char *path, int with_thread)
{
    struct user user;
    new_function new_array = NULL;
    release_function release = NULL;
    strided_array *array = NULL;
    strided_view v;
    int good;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    memset(&user, 0, sizeof user);
    if (!library)
        return 0;
    good = find(library, "strided_view_init", &user.init, sizeof user.init) &&
           find(library, "strided_last_error", &user.last_error, sizeof user.last_error) &&
           find(library, "strided_array_zeros", &new_array, sizeof new_array) &&
           find(library, "strided_array_release", &release, sizeof release);
    if (good) {
        good = user.init(&v, NULL, 99, 0, NULL, NULL, 0) == STRIDED_E_ENUM;
        good = good && strstr(user.last_error(), "99") != NULL;
        good = good && new_array(STRIDED_F64, 1, I64(600000), STRIDED_ORDER_C, &array) == STRIDED_OK;
        if (good)
            release(array);
    }
    if (good && with_thread) {
        pthread_t thread;
        good = pthread_create(&thread, NULL, user_thread, &user) == 0 && pthread_join(thread, NULL) == 0 && user.good;
    }
    return dlclose(library) == 0 && good;
}

/* A thread that lives longer than the library, with an error message set: its thread-local storage is torn down when
 * the code that made it may be gone. */
struct survivor {
    const char *path;
    int good;
};

static void *survivor_thread(void *argument)
{
    struct survivor *survivor = argument;
    survivor->good = load_and_use(survivor->path, 0);
    return NULL; /* thread-local storage goes after dlclose */
}

static int copy_file(const char *from, const char *to)
{
    static char buffer[1 << 16];
    size_t n;
    int good = 1;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (in && out)
        while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
            good &= fwrite(buffer, 1, n, out) == n;
    good = good && in && out && !ferror(in);
    if (in)
        fclose(in);
    if (out)
        good = fclose(out) == 0 && good;
    return good;
}

static void load_many_times(const char *path)
{
    int i, n = loads();
    if (!CHECK_NAMED(load_and_use(path, 0), path)) {
        const char *why = dlerror();
        printf("%s\n", why ? why : "the library could be loaded but not used");
        return;
    }
    CHECK(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == NULL); /* it is gone, or the rest would show nothing */
    for (i = 0; i < n; ++i)
        CHECK(load_and_use(path, i % 2));
    for (i = 0; i < n; ++i) {
        struct survivor survivor;
        pthread_t thread;
        survivor.path = path, survivor.good = 0;
        CHECK(pthread_create(&thread, NULL, survivor_thread, &survivor) == 0);
        pthread_join(thread, NULL);
        CHECK(survivor.good);
    }
}

int main(void)
{
    const char *path = getenv("STRIDED_SO");
    char copy[64];
    if (!path || !path[0]) {
        CHECK_SKIP("loading and unloading: STRIDED_SO is not set to the path of the shared library");
        return CHECK_REPORT();
    }
    snprintf(copy, sizeof copy, "/tmp/strided_dlclose_%ld.so", (long)getpid());
    if (CHECK_NAMED(copy_file(path, copy), path))
        load_many_times(copy);
    remove(copy);
    return CHECK_REPORT();
}
