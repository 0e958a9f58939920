package browser_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// picture leaves a picture of what is on the screen for the README, if one is wanted.
func (w *window) picture(name string) {
	w.t.Helper()
	w.pictureFrom(name, "body")
}

// pictureFrom leaves one that begins with the element of a selector.
func (w *window) pictureFrom(name, selector string) {
	w.t.Helper()
	folder := os.Getenv("ANKKOR_SCREENSHOTS")
	if folder == "" {
		return
	}
	w.do("settling", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(document.querySelector(%q).scrollIntoView(), document.activeElement?.blur(), true)`, selector)))
	w.until("all pictures", `[...document.images].every((i) => i.complete || i.loading === "lazy" && i.getBoundingClientRect().top > innerHeight)`)
	img, err := png.Decode(bytes.NewReader(get(w, "taking a picture", chromedp.CaptureScreenshot())))
	if err != nil {
		w.t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, fewColours(img)); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), small.Bytes(), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// coarse is a colour without its lower bits: what looks alike is one.
type coarse [3]uint8

func coarseOf(c color.Color) coarse {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	return coarse{n.R >> 2, n.G >> 2, n.B >> 2}
}

// number24 orders colours, so that the same page always gives the same file.
func number24(c color.Color) uint32 {
	r, g, b, _ := c.RGBA()
	return r>>8<<16 | g>>8<<8 | b>>8
}

// fewColours keeps the 256 most frequent colours and gives every other pixel the nearest of them. Pages are flat, so
// nobody sees it, and the file is a third as large.
func fewColours(img image.Image) *image.Paletted {
	area := img.Bounds()
	out := image.NewPaletted(area, frequent(img))
	nearest := map[coarse]uint8{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := img.At(x, y)
			index, known := nearest[coarseOf(c)]
			if !known {
				index = uint8(out.Palette.Index(c))
				nearest[coarseOf(c)] = index
			}
			out.SetColorIndex(x, y, index)
		}
	}
	return out
}

// frequent are up to 256 colours, of those that look alike the most frequent one.
func frequent(img image.Image) color.Palette {
	number, exact := map[coarse]int{}, map[coarse]map[color.Color]int{}
	area := img.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := img.At(x, y)
			k := coarseOf(c)
			number[k]++
			if exact[k] == nil {
				exact[k] = map[color.Color]int{}
			}
			exact[k][c]++
		}
	}
	common := slices.SortedFunc(maps.Keys(number), func(a, b coarse) int {
		return cmp.Or(number[b]-number[a], slices.Compare(a[:], b[:]))
	})
	var palette color.Palette
	for _, k := range common[:min(256, len(common))] {
		palette = append(palette, slices.MaxFunc(slices.Collect(maps.Keys(exact[k])), func(a, b color.Color) int {
			return cmp.Or(exact[k][a]-exact[k][b], cmp.Compare(number24(a), number24(b)))
		}))
	}
	return palette
}

// TestFewColours: what a page is made of stays exactly as it is, and what there is little of comes near.
func TestFewColours(t *testing.T) {
	flat := []color.NRGBA{{251, 245, 236, 255}, {147, 48, 31, 255}, {43, 28, 22, 255}}
	img := image.NewNRGBA(image.Rect(0, 0, 300, 300))
	for y := range 300 {
		for x := range 300 {
			img.Set(x, y, flat[x/100])
		}
	}
	for x := range 300 { // one row of everything else
		img.Set(x, 0, color.NRGBA{R: uint8(x * 5 / 6), G: uint8(250 - x*5/6), B: uint8(x % 7 * 30), A: 255})
	}
	got := fewColours(img)
	if len(got.Palette) > 256 {
		t.Errorf("%d colours", len(got.Palette))
	}
	for i, want := range flat {
		if have := got.At(i*100+50, 150); have != want {
			t.Errorf("%v became %v", want, have)
		}
	}
	if far := distance(img.At(10, 0), got.At(10, 0)); far > 60 {
		t.Errorf("%v became %v", img.At(10, 0), got.At(10, 0))
	}
}

func distance(a, b color.Color) int {
	x, _ := color.NRGBAModel.Convert(a).(color.NRGBA)
	y, _ := color.NRGBAModel.Convert(b).(color.NRGBA)
	far := 0
	for _, d := range []int{int(x.R) - int(y.R), int(x.G) - int(y.G), int(x.B) - int(y.B)} {
		far = max(far, d, -d)
	}
	return far
}
