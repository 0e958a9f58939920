package wootest

import (
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"path"
	"strings"
)

// pictureSize is the width and height of every original.
const pictureSize = 1200

// mediaSize is one of the sizes WordPress makes of an upload.
type mediaSize struct {
	name   string
	pixels int
}

// mediaSizes in the order WordPress lists them.
var mediaSizes = []mediaSize{
	{"medium", 300}, {"large", 1024}, {"thumbnail", 150}, {"medium_large", 768},
	{"woocommerce_thumbnail", 300}, {"woocommerce_single", 600}, {"woocommerce_gallery_thumbnail", 100},
}

// sized is the address of the picture in a size, "300x300".
func (i image) sized(size string) string {
	ext := path.Ext(i.Src)
	return strings.TrimSuffix(i.Src, ext) + "-" + size + ext
}

// srcset lists the picture in all widths, the original first or last.
func (i image) srcset(originalLast bool) string {
	var parts []string
	for _, px := range []int{300, 1024, 150, 768, 600, 100} {
		parts = append(parts, fmt.Sprintf("%s %dw", i.sized(fmt.Sprintf("%dx%d", px, px)), px))
	}
	original := fmt.Sprintf("%s %dw", i.Src, pictureSize)
	if originalLast {
		return strings.Join(append(parts, original), ", ")
	}
	return original + ", " + strings.Join(parts, ", ")
}

// serveUpload draws a placeholder for a picture: the recorded store's own
// files are not part of the data. SVG, whatever the name ends in.
func (s *site) serveUpload(req *request) reply {
	name := path.Base(req.path)
	ext := path.Ext(name)
	if ext != ".jpg" && ext != ".png" && ext != ".jpeg" && ext != ".svg" && ext != ".webp" {
		return htmlReply(http.StatusNotFound, "Page not found")
	}
	h := http.Header{}
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	return reply{status: http.StatusOK, header: h, body: []byte(drawPlaceholder(strings.TrimSuffix(name, ext)))}
}

// drawPlaceholder is a coloured tile with the picture's name; the same name
// always gives the same colours, in every size.
func drawPlaceholder(name string) string {
	if base, size, ok := cutLast(name, "-"); ok && strings.Contains(size, "x") && strings.Trim(size, "0123456789x") == "" {
		name = base
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // a hash never fails
	hue := sum.Sum32() % 360
	label := html.EscapeString(strings.ReplaceAll(name, "-", " "))
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" role="img" aria-label="%[1]s">`+
		`<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(%[2]d 55%% 72%%)"/><stop offset="1" stop-color="hsl(%[3]d 60%% 45%%)"/></linearGradient></defs>`+
		`<rect width="600" height="600" fill="url(#g)"/><circle cx="300" cy="255" r="135" fill="hsl(%[2]d 70%% 92%% / .55)"/>`+
		`<path d="M165 420c40-70 230-70 270 0" fill="none" stroke="hsl(%[3]d 60%% 25%% / .5)" stroke-width="14" stroke-linecap="round"/>`+
		`<text x="300" y="530" text-anchor="middle" font-family="Georgia,serif" font-size="46" fill="#fff">%[1]s</text></svg>`,
		label, hue, (hue+35)%360)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
