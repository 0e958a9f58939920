package resend_test

import (
	"fmt"
	"net/http"

	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/checkout/mail"
)

func ExampleNew() {
	letters, err := mail.New(mail.Config{Shop: "Ankkor Clay"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = resend.New(resend.Config{
		Key: resend.NewSecret("re_…"), From: "Ankkor Clay <orders@shop.example.in>", HTTP: http.DefaultClient, Letters: letters,
	})
	fmt.Println(err)
	// Output: resend: Config.Drafts is required
}
