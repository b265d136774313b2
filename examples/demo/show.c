/* One line about a view: dtype, shape, strides, flags, address. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>

void demo_check(strided_status status)
{
    if (status == STRIDED_OK)
        return;
    fprintf(stderr, "%s: %s\n", strided_status_name(status), strided_last_error());
    exit(EXIT_FAILURE);
}

/* (1, 2, 3) */
static void print_tuple(const int64_t *numbers, int32_t count, char *text, size_t size)
{
    size_t used = 0;
    int32_t axis;
    for (axis = 0; axis < count && used < size; axis++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", axis ? ", " : "(", (long long)numbers[axis]);
    if (used < size)
        snprintf(text + used, size - used, count ? ")" : "()");
}

void demo_show(const char *what, const strided_view *view, const void *buffer, int64_t nbytes)
{
    char shape[100], strides[100], where[40];
    const uint32_t flags = strided_view_query(view);
    const uintptr_t start = (uintptr_t)buffer, here = (uintptr_t)view->data;
    if (here >= start && here < start + (uintptr_t)nbytes)
        snprintf(where, sizeof where, "field + %lld", (long long)(here - start));
    else
        snprintf(where, sizeof where, "own memory");
    print_tuple(view->shape, view->ndim, shape, sizeof shape);
    print_tuple(view->strides, view->ndim, strides, sizeof strides);
    printf("  %-30s %-4s %-11s strides %-13s %c%c%c%c  %p  %s\n", what, strided_dtype_name(view->dtype), shape, strides,
           flags & STRIDED_IS_C_CONTIGUOUS ? 'C' : '-', flags & STRIDED_IS_F_CONTIGUOUS ? 'F' : '-',
           flags & STRIDED_IS_ALIGNED ? 'A' : '-', flags & STRIDED_IS_WRITEABLE ? 'W' : '-', view->data, where);
    fflush(stdout);
}
