package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is one of the two stores, and what has been learnt in it.
type shop struct {
	url, graphql, key, secret string
	client                    *http.Client

	version, wooGraphQL, companion string
	addresses                      []string
	// learnt are values that differ between the stores and mean the same: the
	// id of a product by its SKU, the order that was just made.
	learnt map[string]string
}

// answer is what came back, or why nothing did.
type answer struct {
	status    int
	header    http.Header
	body      any // JSON, or the text that is none
	learnt    map[string]string
	addresses []string // the store's own, masked when comparing
	err       error
}

func newShop(url, graphql, key, secret string, client *http.Client) *shop {
	return &shop{url: url, graphql: graphql, key: key, secret: secret, client: client, learnt: map[string]string{}}
}

// meet learns what the store is, and the ids of what it was seeded with.
func (s *shop) meet(ctx context.Context) error {
	var status struct {
		Environment struct {
			Version string `json:"version"`
			Site    string `json:"site_url"`
			Home    string `json:"home_url"`
		} `json:"environment"`
		Plugins []struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"active_plugins"`
	}
	header, err := s.read(ctx, "system_status", &status)
	if err != nil {
		return err
	}
	s.addresses = []string{s.url, status.Environment.Site, status.Environment.Home}
	s.version, s.companion = status.Environment.Version, header.Get("X-Ankkor-Companion")
	for _, p := range status.Plugins {
		if strings.Contains(p.Name, "WooGraphQL") || strings.Contains(p.Name, "WPGraphQL for WooCommerce") {
			s.wooGraphQL = p.Version
		}
	}
	return s.meetGoods(ctx)
}

// picture is named by its file.
type picture struct {
	ID  json.Number `json:"id"`
	Src string      `json:"src"`
}

func (s *shop) meetPictures(pictures ...picture) {
	for _, p := range pictures {
		s.learnt["picture "+path.Base(p.Src)] = p.ID.String()
	}
}

func (s *shop) meetGoods(ctx context.Context) error {
	type named struct {
		ID   json.Number `json:"id"`
		SKU  string      `json:"sku"`
		Slug string      `json:"slug"`
		// pictures, of products and of variations
		Images []picture `json:"images"`
		Image  *picture  `json:"image"`
	}
	var goods []named
	if _, err := s.read(ctx, "products?per_page=100&orderby=id&order=asc&status=any", &goods); err != nil {
		return err
	}
	for _, p := range slices.Clone(goods) {
		if p.SKU != "KURTA" && p.SKU != "BANGLE" {
			continue
		}
		var more []named
		if _, err := s.read(ctx, "products/"+p.ID.String()+"/variations?per_page=100", &more); err != nil {
			return err
		}
		goods = append(goods, more...)
	}
	for _, p := range goods {
		s.learnt["id of "+p.SKU] = p.ID.String()
		s.meetPictures(p.Images...)
		if p.Image != nil {
			s.meetPictures(*p.Image)
		}
	}
	for _, list := range []string{"categories", "tags", "attributes"} {
		var terms []named
		if _, err := s.read(ctx, "products/"+list+"?per_page=100", &terms); err != nil {
			return err
		}
		for _, x := range terms {
			s.learnt[list+" "+x.Slug] = x.ID.String()
		}
	}
	if s.learnt["id of MUG-001"] == "" {
		return fmt.Errorf("%s is not seeded like the stand-in: there is no MUG-001", s.url)
	}
	return nil
}

// read is a GET of REST v3 that has to succeed.
func (s *shop) read(ctx context.Context, below string, into any) (http.Header, error) {
	raw, resp, err := s.send(ctx, step{method: "GET", path: "/wp-json/wc/v3/" + below, as: keeper})
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("GET %s: %s: %.200s", below, resp.Status, raw)
	}
	return resp.Header, json.Unmarshal(raw, into)
}

// twin configures a stand-in for the store.
func (s *shop) twin() wootest.Config {
	cfg := wootest.Config{TrustForwardedProto: true, Companion: s.companion != ""}
	if strings.HasPrefix(s.wooGraphQL, "0.") {
		cfg.WooGraphQL = wootest.WooGraphQL21
	}
	return cfg
}

// play sends every step, one after another, as the answers of one are needed for
// the next. The last steps take away what was made, also when ctx is done.
func (s *shop) play(ctx context.Context) []answer {
	var answers []answer
	for _, step := range steps() {
		if step.tidies {
			ctx = context.WithoutCancel(ctx)
		}
		answers = append(answers, s.answer(ctx, step))
	}
	return answers
}

func (s *shop) answer(ctx context.Context, step step) answer {
	raw, resp, err := s.send(ctx, step)
	if err != nil {
		return answer{err: err}
	}
	a := answer{status: resp.StatusCode, header: resp.Header, addresses: s.addresses}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&a.body) != nil {
		a.body = string(raw)
	}
	for name, at := range step.learn {
		value := resp.Header.Get(strings.TrimPrefix(at, "header "))
		if !strings.HasPrefix(at, "header ") {
			value = textAt(a.body, at)
		}
		if value != "" {
			s.learnt[name] = value
		}
	}
	a.learnt = maps.Clone(s.learnt)
	return a
}

// send sends one request with everything that was learnt put in.
func (s *shop) send(ctx context.Context, step step) ([]byte, *http.Response, error) {
	address := s.url + s.given(step.path)
	if step.path == graphqlPath {
		address = s.graphql
	}
	req, err := http.NewRequestWithContext(ctx, step.method, address, strings.NewReader(s.given(step.body)))
	if err != nil {
		return nil, nil, err
	}
	if step.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if strings.HasPrefix(s.url, "http://") {
		req.Header.Set("X-Forwarded-Proto", "https")
	}
	if step.as == keeper {
		req.SetBasicAuth(s.key, s.secret)
	}
	for name, value := range step.header {
		req.Header.Set(name, s.given(value))
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	return raw, resp, err
}

// given puts what was learnt where a step names it in braces, "<id of MUG-001>".
func (s *shop) given(text string) string {
	return regexp.MustCompile(`<[^<>]+>`).ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := s.learnt[strings.Trim(name, "<>")]; ok {
			return value
		}
		return name
	})
}

// textAt reads a member of an answer: "line_items.0.id".
func textAt(body any, at string) string {
	for part := range strings.SplitSeq(at, ".") {
		switch v := body.(type) {
		case map[string]any:
			body = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return ""
			}
			body = v[i]
		default:
			return ""
		}
	}
	switch v := body.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
