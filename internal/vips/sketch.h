// A picture in a handful of pixels, to be shown blurred until the picture comes.
#ifndef VITRINE_SKETCH_H
#define VITRINE_SKETCH_H

enum { SKETCH_WIDTH = 4, SKETCH_HEIGHT = 3, SKETCH_SIZE = SKETCH_WIDTH * SKETCH_HEIGHT * 3 };

// Averages 8-bit sRGB or grey pixels over SKETCH_WIDTH × SKETCH_HEIGHT fields, as
// RGB row by row. bands: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Fields
// that are transparent throughout become a middle grey.
void sketch(const unsigned char *pixels, int width, int height, int bands, unsigned char out[SKETCH_SIZE]);

#endif
