package inboxhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/inbox/inboxhttp"
	"github.com/ankkor/ankkor/payment"
)

// newSecret makes a secret as hosts do, through any package that has them.
func newSecret(text string) inboxhttp.Secret { return payment.NewSecret(text) }

// A courier signs its deliveries in hex; where it stands and what makes two of them one is all there is to say.
func Example() {
	box := memstore.NewInbox(nil)
	receiver, err := inboxhttp.New(
		inboxhttp.Config{Secrets: []inboxhttp.Secret{newSecret("the-current-secret-1")}, Inbox: box},
		inboxhttp.Format{
			Signature: func(r *http.Request) ([]byte, string) {
				return inboxhttp.HexSignature(r.Header.Values("X-Courier-Signature"))
			},
			Message: func(_ *http.Request, body, signature []byte) inbox.Message {
				return inbox.Message{Source: "courier", Key: fmt.Sprintf("%x", signature), Body: body, ReceivedAt: time.Now()}
			},
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // the courier did not hear the first answer
		delivery := httptest.NewRequest(http.MethodPost, "/hooks/courier", strings.NewReader(`{"awb":"788830567028"}`))
		delivery.Header.Set("X-Courier-Signature", signed(`{"awb":"788830567028"}`, "the-current-secret-1"))
		answer := httptest.NewRecorder()
		receiver.ServeHTTP(answer, delivery)
		fmt.Println(answer.Code)
	}
	letters, err := box.Claim(context.Background(), "courier", 10, time.Minute)
	fmt.Println(len(letters), err)
	// Output:
	// 200
	// 200
	// 1 <nil>
}
