package woo

import "slices"

func image(n *imageNode) *Image {
	if n == nil || n.SourceURL == "" {
		return nil
	}
	img := &Image{
		ID: n.DatabaseID, URL: n.SourceURL, Alt: plainText(n.AltText), SrcSet: n.SrcSet,
		Width: int64(n.Details.Width), Height: int64(n.Details.Height),
	}
	for _, s := range n.Details.Sizes {
		if s.URL != "" {
			img.Sizes = append(img.Sizes, ImageSize{Name: s.Name, URL: s.URL, Width: int64(s.Width), Height: int64(s.Height)})
		}
	}
	return img
}

func images(list nodes[imageNode]) []Image {
	var out []Image
	for i := range list.Nodes {
		if img := image(&list.Nodes[i]); img != nil {
			out = append(out, *img)
		}
	}
	return out
}

func terms(list nodes[termNode]) []Term {
	var out []Term
	for _, n := range list.Nodes {
		out = append(out, Term{ID: n.DatabaseID, Name: plainText(n.Name), Slug: readableSlug(n.Slug)})
	}
	return out
}

func attributes(list nodes[attributeNode]) []Attribute {
	var out []Attribute
	sorted := slices.Clone(list.Nodes)
	slices.SortStableFunc(sorted, func(a, b attributeNode) int { return a.Position - b.Position })
	for _, n := range sorted {
		out = append(out, Attribute{
			Name: n.Name, Label: plainText(n.Label), Global: n.Scope == "GLOBAL",
			Visible: n.Visible, Variations: n.Variation, Options: options(n),
		})
	}
	return out
}

// options gives each value its label: a global attribute's options are term
// slugs, whose names come beside them; a local one's are their own label.
func options(n attributeNode) []Option {
	labels := make(map[string]string, len(n.Terms.Nodes))
	for _, t := range n.Terms.Nodes {
		labels[t.Slug] = plainText(t.Name)
	}
	out := make([]Option, len(n.Options))
	for i, value := range n.Options {
		out[i] = Option{Value: value, Label: plainText(value)}
		if n.Scope == "GLOBAL" {
			out[i] = Option{Value: readableSlug(value), Label: labels[value]}
		}
		if out[i].Label == "" {
			out[i].Label = out[i].Value
		}
	}
	return out
}

func chosen(list nodes[chosenNode]) map[string]string {
	if len(list.Nodes) == 0 {
		return nil
	}
	out := make(map[string]string, len(list.Nodes))
	for _, n := range list.Nodes {
		out[n.Name] = attributeValue(n.Name, n.Value)
	}
	return out
}

func offsite(n *productNode) *Offsite {
	if n.ExternalURL == "" {
		return nil
	}
	return &Offsite{URL: n.ExternalURL, ButtonText: plainText(n.ButtonText)}
}
