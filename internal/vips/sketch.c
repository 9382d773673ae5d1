#include "sketch.h"

#include <stddef.h>

static int later(int begin, int end) { return end > begin ? end : begin + 1; }

void sketch(const unsigned char *pixels, int width, int height, int bands, unsigned char out[SKETCH_SIZE]) {
  int colours = bands < 3 ? 1 : 3, alpha = bands % 2 == 0;
  for (int row = 0; row < SKETCH_HEIGHT; row++)
    for (int column = 0; column < SKETCH_WIDTH; column++) {
      int top = row * height / SKETCH_HEIGHT, bottom = later(top, (row + 1) * height / SKETCH_HEIGHT);
      int left = column * width / SKETCH_WIDTH, right = later(left, (column + 1) * width / SKETCH_WIDTH);
      unsigned long sum[3] = {0}, weight = 0;
      for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
          const unsigned char *p = pixels + ((size_t)y * width + x) * bands;
          unsigned long w = alpha ? p[bands - 1] : 255;
          weight += w;
          for (int c = 0; c < colours; c++) sum[c] += w * p[c];
        }
      for (int c = 0; c < 3; c++) *out++ = weight ? (unsigned char)((sum[c % colours] + weight / 2) / weight) : 128;
    }
}
