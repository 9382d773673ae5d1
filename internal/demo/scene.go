package demo

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Scene is a landscape: the same numbers make the same picture.
type Scene struct {
	Seed          uint64
	Width, Height int     // pixels
	Time          float64 // 0 to 1, in which the sun crosses a part of the sky: for moving pictures
}

// mood is the light of a landscape, from the sky's top to the nearest ridge.
type mood struct{ top, low, sun, far, near color.RGBA }

var moods = []mood{
	{rgb(0x1b2a52), rgb(0xf2a67a), rgb(0xffe3b8), rgb(0x8d7a9b), rgb(0x141a2e)}, // dusk
	{rgb(0x3f7fc4), rgb(0xd9ecf7), rgb(0xffffff), rgb(0x9db9cf), rgb(0x1f4436)}, // noon
	{rgb(0x2a1b40), rgb(0xe85d75), rgb(0xffc9a3), rgb(0x9c4f72), rgb(0x1c1024)}, // red evening
	{rgb(0x07122b), rgb(0x2f5d7c), rgb(0xeaf4ff), rgb(0x244861), rgb(0x050b14)}, // moonlight
	{rgb(0x8fb8c9), rgb(0xf7efe2), rgb(0xfff9e8), rgb(0xb9c7bd), rgb(0x4a5d4a)}, // fog
	{rgb(0x2d4d3f), rgb(0xf1d77e), rgb(0xfff6cf), rgb(0x9aa865), rgb(0x23301c)}, // autumn
	{rgb(0x24344f), rgb(0xc7d7ea), rgb(0xffffff), rgb(0xa9bdd6), rgb(0x3c4f6b)}, // snow
}

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

// ridges is how many lines of hills stand one before the other.
const ridges = 5

// Draw paints the landscape.
func Draw(s Scene) *image.RGBA {
	r := rand.New(rand.NewPCG(s.Seed, 77))
	light := moods[r.IntN(len(moods))]
	w, h := float64(s.Width), float64(s.Height)
	span := math.Min(w, h)
	sunX, sunY := w*(0.2+0.6*r.Float64()), h*(0.45-0.2*math.Sin(math.Pi*(0.3+0.4*s.Time)))
	sunSize := span * (0.035 + 0.03*r.Float64())
	var lines [ridges][]float64
	for i := range lines {
		base := h * (0.45 + 0.11*float64(i))
		lines[i] = ridge(r, s.Width, base, span*(0.22-0.025*float64(i)), w/span)
	}
	m := image.NewRGBA(image.Rect(0, 0, s.Width, s.Height))
	for y := range s.Height {
		sky := mix(light.top, light.low, math.Pow(math.Min(float64(y)/(0.75*h), 1), 0.9))
		for x := range s.Width {
			hidden := covering(&lines, x, y) // what stands behind it is not seen
			c := sky
			if hidden < 0 {
				far := math.Hypot(float64(x)-sunX, float64(y)-sunY)
				c = mix(c, light.sun, 0.55*math.Exp(-far/(5*sunSize)))
				c = mix(c, light.sun, clamp((sunSize-far)/2+0.5))
			}
			for i := max(hidden, 0); i < ridges; i++ {
				if depth := float64(y) - lines[i][x]; depth > -1 {
					hill := mix(light.far, light.near, float64(i)/(ridges-1))
					// The lower, the more mist.
					hill = mix(hill, light.low, 0.35*clamp(depth/(0.35*h))*(1-float64(i)/ridges))
					c = mix(c, hill, clamp(depth+1))
				}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// covering is the nearest ridge that fills the pixel, -1 where none does.
func covering(lines *[ridges][]float64, x, y int) int {
	for i := ridges - 1; i >= 0; i-- {
		if float64(y) >= lines[i][x] {
			return i
		}
	}
	return -1
}

// ridge is the height of a line of hills at every x: midpoints that are moved
// again and again by half as much.
func ridge(r *rand.Rand, width int, base, height, periods float64) []float64 {
	type wave struct{ size, phase, frequency float64 }
	var waves []wave
	for octave, size := 0, height; octave < 8; octave, size = octave+1, size*0.48 {
		waves = append(waves, wave{size, 2 * math.Pi * r.Float64(), periods * math.Pow(2, float64(octave)) * (0.8 + 0.4*r.Float64())})
	}
	line := make([]float64, width)
	for x := range line {
		at := float64(x) / float64(width)
		line[x] = base
		for _, v := range waves {
			// Folded waves have sharp tops, as hills do.
			line[x] -= v.size * (0.5 - math.Abs(math.Sin(math.Pi*v.frequency*at+v.phase)))
		}
	}
	return line
}

func clamp(v float64) float64 { return math.Max(0, math.Min(1, v)) }

func mix(a, b color.RGBA, t float64) color.RGBA {
	u := uint32(clamp(t)*256 + 0.5)
	one := func(a, b uint8) uint8 { return uint8((uint32(a)*(256-u) + uint32(b)*u) >> 8) }
	return color.RGBA{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B), 255}
}
