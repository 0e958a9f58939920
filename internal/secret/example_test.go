package secret_test

import (
	"fmt"

	"github.com/ankkor/ankkor/internal/secret"
)

func Example() {
	type config struct {
		User string
		key  secret.Secret
	}
	c := config{User: "rzp_test_1", key: secret.New("do not print me")}

	fmt.Println(c.key)
	fmt.Println(c.key.Len())
	fmt.Println(len(c.key.Reveal()))
	// Output:
	// [redacted]
	// 15
	// 15
}
