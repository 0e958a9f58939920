package graphql

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// maxPage is WPGraphQL's cap on first and last; asking for more gets it.
const (
	defaultPage = 10
	maxPage     = 100
)

// entry is one place of a connection. A place without a node is taken by
// something the public may not see: it counts for the page and for `found`,
// and then is not there.
type entry struct {
	id   int64
	node *node
}

func cursorOf(id int64) string {
	return base64.StdEncoding.EncodeToString([]byte("arrayconnection:" + wp.Itoa(id)))
}

func idOfCursor(cursor string) int64 {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0
	}
	number, _ := strings.CutPrefix(string(raw), "arrayconnection:")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func toInt(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case json.Number:
		i, err := n.Int64()
		if err == nil {
			return i
		}
	}
	return 0
}

func textList(v any) []string {
	var out []string
	switch list := v.(type) {
	case string:
		return []string{list}
	case []any:
		for _, x := range list {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

func intList(v any) []int64 {
	var out []int64
	list, isList := v.([]any)
	if !isList && v != nil {
		return []int64{toInt(v)}
	}
	for _, x := range list {
		out = append(out, toInt(x))
	}
	return out
}

// connection pages through entries: after and before by the id in the cursor,
// first or last of what is left.
func connection(entries []entry, args map[string]any) *node {
	found := len(entries)
	after, before := idOfCursor(argText(args, "after")), idOfCursor(argText(args, "before"))
	hasPrevious, hasNext := false, false
	if i := indexOf(entries, after); i >= 0 {
		entries, hasPrevious = entries[i+1:], true
	}
	if i := indexOf(entries, before); i >= 0 {
		entries, hasNext = entries[:i], true
	}
	if last := toInt(args["last"]); last > 0 {
		n := min(int(min(last, maxPage)), len(entries))
		hasPrevious = hasPrevious || n < len(entries)
		entries = entries[len(entries)-n:]
	} else {
		n := min(pageSize(args["first"]), len(entries))
		hasNext = hasNext || n < len(entries)
		entries = entries[:n]
	}
	return pageNode(slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.node == nil }), found, hasPrevious, hasNext)
}

func indexOf(entries []entry, id int64) int {
	return slices.IndexFunc(entries, func(e entry) bool { return id != 0 && e.id == id })
}

func pageSize(first any) int {
	if first == nil {
		return defaultPage
	}
	return int(max(0, min(toInt(first), maxPage)))
}

func pageNode(entries []entry, found int, hasPrevious, hasNext bool) *node {
	nodes, edges := []*node{}, []*node{}
	info := map[string]any{"hasNextPage": hasNext, "hasPreviousPage": hasPrevious, "startCursor": nil, "endCursor": nil}
	for i, e := range entries {
		nodes = append(nodes, e.node)
		edges = append(edges, &node{fields: map[string]any{"cursor": cursorOf(e.id), "node": e.node}})
		if i == 0 {
			info["startCursor"] = cursorOf(e.id)
		}
		info["endCursor"] = cursorOf(e.id)
	}
	return &node{fields: map[string]any{
		"nodes": nodes, "edges": edges, "pageInfo": &node{fields: info}, "found": found,
	}}
}

// nodesOnly is a connection that is never paged.
func nodesOnly(nodes []*node) *node {
	edges := []*node{}
	for _, n := range nodes {
		edges = append(edges, &node{fields: map[string]any{"node": n, "cursor": nil}})
	}
	return &node{fields: map[string]any{"nodes": rest.OrEmpty(nodes), "edges": edges}}
}
