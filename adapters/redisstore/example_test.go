package redisstore_test

import (
	"context"
	"fmt"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// A shop's server makes the client, and hands what is kept in Redis to the checkout service, which also looks whether
// Redis still knows what it was told.
func ExampleNew() {
	ctx := context.Background()
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		fmt.Println(err)
		return
	}
	client := redis.NewClient(options)
	defer client.Close()
	reserver, err := redisstore.New(ctx, client, redisstore.Config{Store: "tea"})
	if err != nil {
		fmt.Println(err)
		return
	}
	events, err := redisstore.NewPublisher(ctx, client, redisstore.Config{Store: "tea"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = reserver.Reserve(ctx, inventory.ReserveRequest{
		ID: "chk_1-1", Owner: "cart-1", Lines: []inventory.Line{{Item: inventory.ProductItem(1001), Quantity: 2}},
	})
	fmt.Println(err)
	_ = checkout.Config{Reserver: reserver, Publisher: events} // and the other ports
}
