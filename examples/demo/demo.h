/* What the three languages of the demo hand each other: views, and nothing else. */
#ifndef DEMO_H
#define DEMO_H

#include <strided.h>

#ifdef __cplusplus
extern "C" {
#endif

/* show.c: prints one line about a view. `buffer` is the address of the field that Fortran owns: the line tells how far into
 * it the view begins, or that the view is elsewhere. */
void demo_show(const char *what, const strided_view *view, const void *buffer, int64_t nbytes);

/* show.c: ends the program, with the library's message, unless `status` is STRIDED_OK. */
void demo_check(strided_status status);

/* relief.c: how bright each point of `heights` is in the light of a low sun; `shade` has the same shape. */
void demo_relief(const strided_view *heights, const strided_view *shade, const void *buffer, int64_t nbytes);

/* trend.cpp: takes the mean of each row and of each column out of `heights`, in place. */
void demo_trend(const strided_view *heights, const void *buffer, int64_t nbytes);

/* picture.c: heights as colours, shade as brightness. */
void demo_picture(const char *path, const strided_view *heights, const strided_view *shade);

/* compare.c: the table at the end. */
void demo_compare(void);

#ifdef __cplusplus
}
#endif
#endif
