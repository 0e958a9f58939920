package razorpay_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// A payment from the order to the money, against a Razorpay in the process. A shop leaves HTTP out and gives its own key.
func Example() {
	account, err := razorpaytest.New(razorpaytest.Config{KeyID: keyID, KeySecret: keySecret})
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := razorpay.New(razorpay.Config{
		KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: account.Client(), Capture: razorpay.CaptureManual,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	order, err := client.CreateOrder(ctx, payment.OrderRequest{Receipt: "checkout-1", Amount: pricing.Paise(49900)})
	if err != nil {
		fmt.Println(err)
		return
	}
	callback, err := account.Pay(order.ID) // what a person does in the window, and what the browser brings back
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("genuine:", client.VerifyPayment(order.ID, payment.Callback(callback)) == nil)
	paid, err := client.Capture(ctx, callback.PaymentID, order.Amount)
	fmt.Println(paid.Status, paid.Amount, err)
	// Output:
	// genuine: true
	// captured INR 499.00 <nil>
}

// An event is stored and acknowledged; the order it is about is looked at later.
func ExampleNewReceiver() {
	box := memstore.NewInbox(nil) // a database in production
	receiver, err := razorpay.NewReceiver(razorpay.ReceiverConfig{
		Secrets: []payment.Secret{payment.NewSecret(hookSecret)}, Inbox: box,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/razorpay", receiver)

	dispatcher, err := razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: box}, func(_ context.Context, e razorpay.Event) error {
		fmt.Println("look at", e.OrderID) // razorpay.Recheck(service) does
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // at least once is what Razorpay promises
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/webhooks/razorpay", strings.NewReader(captured))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Razorpay-Signature", razorpaytest.SignWebhook(hookSecret, []byte(captured)))
		mux.ServeHTTP(w, r)
		fmt.Println("HTTP", w.Code)
	}
	_, _ = dispatcher.Dispatch(context.Background()) // Run does so until its context ends
	// Output:
	// HTTP 200
	// HTTP 200
	// look at order_IEIaMR65cu6nz3
}
