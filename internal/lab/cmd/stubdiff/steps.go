package main

import "slices"

// who sends a step.
const (
	visitor = iota
	keeper  // with the REST key
)

// graphqlPath is where GraphQL is, wherever the store has it.
const graphqlPath = "/graphql"

// step is one request that both stores are sent. In path, body and header,
// <names> stand for what was learnt.
type step struct {
	name   string
	method string
	path   string
	body   string
	header map[string]string
	as     int
	// learn takes values out of the answer: name → "line_items.0.id" or "header Nonce".
	learn map[string]string
	// shape compares keys and types alone, for what others may be changing.
	shape bool
	// ignore are places whose values nobody can determine, with * for anything.
	ignore []string
	// tidies marks the steps at the end that take away what was made.
	tidies bool
}

// steps are all of them, in the order in which they are sent.
func steps() []step {
	return slices.Concat(restReads(), restRefusals(), restProduct(), storeAPI(), graphQL(), restOrder(), tidying())
}

// get is a reading of REST v3.
func get(name, path string, ignore ...string) step {
	return step{name: "rest " + name, method: "GET", path: "/wp-json/wc/v3/" + path, as: keeper, ignore: ignore}
}

// write is a change over REST v3.
func write(name, method, path, body string, learn map[string]string, ignore ...string) step {
	return step{name: "rest " + name, method: method, path: "/wp-json/wc/v3/" + path, body: body, as: keeper, learn: learn, ignore: ignore}
}

// ofShape compares a step's answer by its keys and types alone.
func ofShape(s step) step {
	s.shape = true
	return s
}
