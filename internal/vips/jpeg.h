// The straight road for JPEG to JPEG.
#ifndef VITRINE_JPEG_H
#define VITRINE_JPEG_H

#include "process.h"

// Renders like vt_render, with libjpeg alone. It returns UNUSUAL, and has then
// written nothing, for what libvips must do: other colours than sRGB and grey,
// outputs that keep the original's properties.
int jpeg_render(const Picture *p, const Output *outputs, int count, int shrink, int64_t deadline);

#endif
