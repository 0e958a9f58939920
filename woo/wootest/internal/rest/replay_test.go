package rest_test

import (
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// notReplayed are the recordings of the replayed groups that are left out,
// each with the reason.
var notReplayed = map[string]string{
	"rest-webhooks/02-after-failures": "follows seven failed deliveries; TestSeventhFailureDisables covers it",
}

func TestReplayREST(t *testing.T)         { replay(t, "rest-v3") }
func TestReplayStock(t *testing.T)        { replay(t, "rest-v3-stock") }
func TestReplayGraphQL(t *testing.T)      { replay(t, "graphql-products") }
func TestReplayWebhooksREST(t *testing.T) { replay(t, "rest-webhooks") }

// replay sends a group's requests in their order to one store, whose clock
// shows the time of each recording, and compares every answer.
func replay(t *testing.T, group string) {
	s, c := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = storetest.BulkCatalogue(t) })
	for _, r := range storetest.ReadRecordings[storetest.Recording](t, group) {
		if notReplayed[group+"/"+r.File] != "" {
			continue
		}
		t.Run(r.File, func(t *testing.T) {
			c.Set(r.At)
			r.Check(t, s)
		})
	}
}
