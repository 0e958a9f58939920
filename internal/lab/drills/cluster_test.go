package drills_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/testenv"
	"github.com/ankkor/ankkor/inventory"
)

// cluster is three masters, and a replica of the one that keeps the shop's slot.
type cluster struct {
	masters []*drills.Redis
	replica *drills.Redis
	client  *redis.ClusterClient
}

// hashTag is in all keys of the drill's store.
const hashTag = "{drill}"

// newNode starts a server of a cluster, and says where the others of it reach it.
func newNode(t *testing.T) (*drills.Redis, int) {
	t.Helper()
	bus, err := testenv.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return drills.NewRedis(t, `save ""`, "cluster-enabled yes", fmt.Sprint("cluster-port ", bus),
		"cluster-node-timeout 1000", "cluster-replica-validity-factor 0", "repl-diskless-sync-delay 0"), bus
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	replica, _ := newNode(t)
	c := &cluster{replica: replica}
	first := c.replica.Client(t)
	ranges := [][2]int{{0, 5460}, {5461, 10922}, {10923, 16383}}
	slot := int(first.ClusterKeySlot(t.Context(), hashTag).Val())
	var keeper *redis.Client
	for _, r := range ranges {
		master, bus := newNode(t)
		client := master.Client(t)
		if err := client.ClusterAddSlotsRange(t.Context(), r[0], r[1]).Err(); err != nil {
			t.Fatal(err)
		}
		if slot >= r[0] && slot <= r[1] {
			keeper = client
			c.masters = append([]*drills.Redis{master}, c.masters...)
		} else {
			c.masters = append(c.masters, master)
		}
		host, port := split(t, master.Addr)
		if err := first.Do(t.Context(), "CLUSTER", "MEET", host, port, bus).Err(); err != nil {
			t.Fatal(err)
		}
	}
	id := keeper.ClusterMyID(t.Context()).Val()
	drills.Until(t, "the replica knows its master", func(ctx context.Context) bool {
		return first.ClusterReplicate(ctx, id).Err() == nil
	})
	var addresses []string
	for _, m := range append(c.masters, c.replica) {
		node := m.Client(t)
		addresses = append(addresses, m.Addr)
		drills.Until(t, "the cluster is whole", func(ctx context.Context) bool {
			info := node.ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:4")
		})
	}
	drills.Until(t, "the replica copies", func(ctx context.Context) bool {
		return strings.Contains(first.Info(ctx, "replication").Val(), "master_link_status:up")
	})
	c.client = redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: addresses, ContextTimeoutEnabled: true, DialTimeout: time.Second, ReadTimeout: 300 * time.Millisecond,
	})
	t.Cleanup(func() { _ = c.client.Close() })
	return c
}

// TestClusterFailsOver: the master of the shop's slot is killed under load, and its
// replica is elected.
func TestClusterFailsOver(t *testing.T) {
	deciders(t, func(t *testing.T, d drills.Decision) {
		c := newCluster(t)
		shop := &drills.Shop{Admit: reserver(t, c.client), Decide: d, Item: item}
		shop.Stock(t, pieces)
		watch, stop := watched(t, shop)
		replica := c.replica.Client(t)
		shop.Open(t, 32, shoppers*times(t), func(tenth int) {
			if tenth != 2 {
				return
			}
			c.masters[0].Kill()
			drills.Until(t, "the replica is elected", func(ctx context.Context) bool {
				return strings.Contains(replica.Info(ctx, "replication").Val(), "role:master")
			})
			drills.Until(t, "the client has found it", func(ctx context.Context) bool {
				c.client.ReloadState(ctx) // it does so by itself, but takes its time
				ctx, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				return c.client.Exists(ctx, hashTag).Err() == nil
			})
		})
		report(t, shop)
		recovered(t, shop, watch, inventory.Moved)
		stop()
		sellTheRest(t, shop)
	})
}
