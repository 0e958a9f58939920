package main

import (
	"bytes"
	"embed"
	"net/http"
	"strings"
	"text/template"

	"github.com/ankkor/ankkor/woo"
)

//go:embed pictures/*.svg
var pictures embed.FS

// motifs are the drawings, by words of a product's slug; the first that fits is taken. A real shop shows its photographs:
// woo.Product.Image has their addresses.
var motifs = []struct{ word, drawing string }{
	{"necklace", "necklace"}, {"bangle", "bangle"}, {"idol", "lotus"}, {"shirt", "shirt"}, {"kurta", "kurta"}, {"gift", "gift"},
	{"lamp", "lamp"}, {"sample", "lotus"}, {"milk", "milk"}, {"pen", "pen"}, {"rug", "rug"}, {"mug", "mug"}, {"tea", "tea"},
	{"चाय", "tea"}, {"book", "book"}, {"diary", "book"}, {"dinner", "plates"},
}

// palette is the colours of one drawing.
type palette struct{ Ground, Light, Main, Accent string }

// palettes: terracotta, indigo, leaf, rani pink, turmeric, peacock.
var palettes = []palette{
	{"#ecc9b0", "#fdf1e6", "#a8442a", "#e2a74a"},
	{"#c3cde8", "#f1f4fc", "#2f3f7f", "#dba03c"},
	{"#c9dab3", "#f3f8ea", "#41683a", "#d98b3a"},
	{"#efc3d0", "#fdf0f4", "#9d2a58", "#e3b04b"},
	{"#f1d48c", "#fdf6df", "#a4601a", "#8f2d1f"},
	{"#b4d8d3", "#ecf8f6", "#1c6560", "#d9983c"},
}

// drawing is one picture to be drawn.
type drawing struct {
	palette
	Title string
}

// picture draws a product. Its colours come from its id, so that they are always the same.
func (s *server) picture(w http.ResponseWriter, r *http.Request) error {
	p, err := s.woo.Product(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	svg, err := draw(p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err = w.Write(svg)
	return err
}

func draw(p woo.Product) ([]byte, error) {
	motif, err := pictures.ReadFile("pictures/" + motifOf(p.Slug) + ".svg")
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(pictures, "pictures/frame.svg")
	if err != nil {
		return nil, err
	}
	if _, err := t.New("motif").Parse(string(motif)); err != nil {
		return nil, err
	}
	var title, out bytes.Buffer
	template.HTMLEscape(&title, []byte(p.Name))
	err = t.ExecuteTemplate(&out, "frame.svg", drawing{palette: paletteOf(p.ID), Title: title.String()})
	return out.Bytes(), err
}

// paletteOf spreads the palettes so that neighbours seldom share one.
func paletteOf(id int64) palette {
	n := int64(len(palettes))
	return palettes[(4*id+id/n)%n]
}

func motifOf(slug string) string {
	for _, m := range motifs {
		if strings.Contains(slug, m.word) {
			return m.drawing
		}
	}
	return "print"
}
