package wootest

import (
	"fmt"
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
