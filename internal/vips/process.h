// One decode, up to three outputs, over libvips.
#ifndef VITRINE_PROCESS_H
#define VITRINE_PROCESS_H

#include "reduce.h"
#include "sketch.h"

#include <stddef.h>
#include <stdint.h>

enum { LOAD_PIXELS, LOAD_JPEG, LOAD_PNG, LOAD_GIF, LOAD_WEBP, LOAD_HEIF };
enum { SAVE_JPEG, SAVE_PNG, SAVE_GIF, SAVE_WEBP, SAVE_AVIF };
#define MOST_OUTPUTS 4
// UNUSUAL stays inside: the straight road does not go there.
enum { UNUSUAL = 1, FAILED = -1, TOO_LATE = -2, NO_MEMORY = -3, CHANGED = -4 };

typedef struct {
  const void *data;
  size_t size;
  int loader;
  int width, height; // of one frame; for LOAD_PIXELS what the data are, else what they must turn out to be
  int bands;         // LOAD_PIXELS: 8-bit samples a pixel, 3 RGB or 4 RGBA
} Picture;

typedef struct {
  int width, height; // of one frame, as stored
  int pages, bands, alpha, bits, progressive;
} Header;

typedef struct {
  ReduceTarget target; // width 0: not wanted
  int saver, quality;
  int original;        // keeps colour space, depth, profile and metadata; else made for the web: 8-bit sRGB without any
  int descriptor;      // written to, not closed
  unsigned char *sketch; // SKETCH_SIZE bytes to be filled in, or NULL; not for originals
} Output;

int vt_init(void);
int vt_header(const Picture *p, Header *h);
// Renders stills: the first frame. It gives up after patience microseconds.
int vt_render(const Picture *p, const Output *outputs, int count, int64_t patience);
// Renders every frame of an animation (GIF, WebP) to one output.
int vt_animate(const Picture *p, const Output *output, int64_t patience);
// Reports whether a profile names itself sRGB, in ASCII or UTF-16.
int names_srgb(const void *profile, size_t size);
// Gives freed memory back to the system.
void vt_trim(void);
const char *vt_version(void); // of libvips, not to be freed
// The last error text, which is cleared; free it with free.
char *vt_error(void);

#endif
