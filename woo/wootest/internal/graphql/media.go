package graphql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

func (g *request) firstImage(p *shop.Product) any {
	images := g.state.ImagesOf(p)
	if len(images) == 0 {
		return nil
	}
	return g.imageNode(images[0])
}

func (g *request) gallery(p *shop.Product) *node {
	var nodes []*node
	for i, picture := range p.Images {
		if i > 0 {
			nodes = append(nodes, g.imageNode(picture))
		}
	}
	return nodesOnly(nodes)
}

func (g *request) imageNode(i shop.Image) *node {
	source := resolver(func(args map[string]any) (any, error) { return inSize(i, argText(args, "size")), nil })
	return &node{kind: "MediaItem", fields: map[string]any{
		"id": globalID("post", i.ID), "databaseId": i.ID, "mediaItemId": i.ID, "altText": i.Alt, "title": i.Name, "slug": i.Name,
		"sourceUrl": source, "mediaItemUrl": i.Src, "srcSet": i.Srcset(true), "mediaType": "image", "mimeType": "image/jpeg",
		"sizes": "(max-width: 1200px) 100vw, 1200px", "mediaDetails": details(i), "caption": nil, "description": nil,
	}}
}

// inSize is the address of a size by its enum name; the original without one.
func inSize(i shop.Image, enum string) string {
	name := strings.ToLower(enum)
	for _, s := range shop.MediaSizes() {
		if s.Name == name {
			px := strconv.Itoa(s.Pixels)
			return i.Sized(px + "x" + px)
		}
	}
	return i.Src
}

// details: width and height of the original are numbers, of the sizes texts.
func details(i shop.Image) *node {
	return &node{fields: map[string]any{
		"width": shop.PictureSize, "height": shop.PictureSize,
		"sizes": resolver(func(args map[string]any) (any, error) {
			include, exclude := textList(args["include"]), textList(args["exclude"])
			nodes := []*node{}
			for _, s := range shop.MediaSizes() {
				enum, px := strings.ToUpper(s.Name), strconv.Itoa(s.Pixels)
				if !rest.IsOneOf(include, enum) || slices.Contains(exclude, enum) {
					continue
				}
				nodes = append(nodes, &node{fields: map[string]any{
					"name": s.Name, "width": px, "height": px, "sourceUrl": i.Sized(px + "x" + px), "mimeType": "image/jpeg",
				}})
			}
			return nodes, nil
		}),
	}}
}
