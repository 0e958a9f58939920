package woo

import (
	"context"
	"net/http"
	"net/url"
	"time"

	graphql "github.com/hasura/go-graphql-client"

	"github.com/ankkor/ankkor/pricing"
)

// Client talks to one store. It is safe for concurrent use and starts no
// goroutine that outlives a call.
type Client struct {
	site     *url.URL // without a trailing slash
	signer   signer
	http     *http.Client
	graph    string // WPGraphQL's endpoint
	gql      *graphql.Client
	gate     gate
	docs     documents
	parser   pricing.PriceParser
	currency pricing.Currency

	timeout time.Duration
	maxBody int64
	retries int
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error

	classes classes
	rules   rulebook
	reader  *reader

	companion companionPlugin
}

// newClient puts a checked Config to work.
func newClient(c Config, site, graph *url.URL) (*Client, error) {
	docs, err := buildDocuments()
	if err != nil {
		return nil, err
	}
	client := &Client{
		site: site, signer: newSigner(c, site), http: guarded(c.HTTP), docs: docs,
		graph: graph.String(), gate: newGate(c), parser: c.Parser, currency: c.Currency,
		rules: rulebook{lock: make(chan struct{}, 1)}, reader: newReader(c.Catalogue),
		timeout: c.Timeout, maxBody: c.MaxBody, retries: max(c.Retries, 0), now: c.Now, sleep: c.Sleep,
	}
	client.gql = graphql.NewClient(client.graph, graphDoer{c: client})
	return client, nil
}

// String names the store. It shows no credentials.
func (c *Client) String() string { return "woo.Client(" + c.site.Redacted() + ")" }
