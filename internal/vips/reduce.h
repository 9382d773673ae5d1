// A streaming image reduction: rows in from top to bottom, one reduced image out.
#ifndef VITRINE_REDUCE_H
#define VITRINE_REDUCE_H

#include <stddef.h>

typedef struct {
  int width, height; // of the source, in pixels
  int bands;         // samples per pixel, 1 to 4
  int bytes;         // per sample, 1 or 2
  int alpha;         // the last band is alpha, not premultiplied
} ReduceSource;

typedef struct {
  int width, height;                // of the whole reduced image, at most the source's
  int left, top, cropw, croph;      // the window of it that is kept
  int orientation;                  // EXIF, 1 to 8: how the window is turned on its way out
} ReduceTarget;

typedef struct Reduce Reduce;

// Returns NULL when there is no memory.
Reduce *reduce_new(ReduceSource source, ReduceTarget target);
// Takes count rows that follow those taken before.
void reduce_rows(Reduce *r, const void *rows, size_t stride, int count);
// The pixels of the turned window, whose size is in *width and *height. They
// belong to r until the caller takes them away with reduce_steal.
void *reduce_steal(Reduce *r, int *width, int *height, size_t *size);
void reduce_free(Reduce *r);

#endif
