package graphql

import "maps"

// mutation runs with its input object and answers the members of its payload.
// It works on request.State under the site's lock; an error makes the whole
// payload null, and nothing it changed is taken back, as in WordPress.
type mutation func(input map[string]any) (map[string]any, error)

// mutationRoot are the mutations this store offers.
func (g *request) mutationRoot() *node {
	fields := map[string]any{}
	for _, group := range g.mutations() {
		for name, run := range group {
			fields[name] = run.resolver()
		}
	}
	return &node{fields: fields}
}

// mutations are all mutations by the part of the store they belong to.
func (g *request) mutations() []map[string]mutation {
	return []map[string]mutation{
		g.authMutations(), g.orderMutations(), g.stockMutations(),
		g.cartMutations(), g.sessionMutations(), g.customerMutations(), g.checkoutMutations(),
	}
}

// resolver is the mutation as a field: its payload repeats clientMutationId.
func (run mutation) resolver() resolver {
	return func(args map[string]any) (any, error) {
		input, _ := args["input"].(map[string]any)
		payload, err := run(input)
		if err != nil {
			return nil, err
		}
		fields := maps.Clone(payload)
		if fields == nil {
			fields = map[string]any{}
		}
		fields["clientMutationId"] = input["clientMutationId"]
		return &node{fields: fields}, nil
	}
}
