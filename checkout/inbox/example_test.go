package inbox_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
)

// A message is stored before it is acknowledged, and acted on afterwards.
func Example() {
	ctx, box := context.Background(), memstore.NewInbox(nil)
	told := inbox.Message{Source: "shop", Key: "sha256 of the body", Topic: "product.updated", Body: []byte(`{"id":12}`), ReceivedAt: time.Now()}
	for range 2 { // the second is the sender's doubt
		fresh, err := box.Put(ctx, told)
		fmt.Println("fresh:", fresh, err)
	}

	dispatcher, err := inbox.NewDispatcher(inbox.DispatcherConfig{
		Inbox: box, Source: "shop",
		Handle: func(_ context.Context, m inbox.Message) error {
			fmt.Printf("%s: read again %s\n", m.Topic, m.Body)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := dispatcher.Dispatch(ctx) // Run does so until its context ends
	fmt.Println("acted on:", n, err)
	// Output:
	// fresh: true <nil>
	// fresh: false <nil>
	// product.updated: read again {"id":12}
	// acted on: 1 <nil>
}
