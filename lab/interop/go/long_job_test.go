package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// moment tells the harness the time of the job, so that it sets AWS's clock.
type moment struct {
	Now int64 `json:"now"`
}

// TestLongJob is a job of CALLS calls, one every INTERVAL, from START (ms since the epoch) on. It takes no real time: in the
// bubble of synctest, time.Now and time.Sleep are virtual. Connections are real. They end with each call, because a
// goroutine that waits for the network would keep the time from passing.
func TestLongJob(t *testing.T) {
	start, err := strconv.ParseInt(os.Getenv("START"), 10, 64)
	if err != nil {
		t.Skip("npm run test:interop runs this test")
	}
	calls, err := strconv.Atoi(os.Getenv("CALLS"))
	if err != nil {
		t.Fatal(err)
	}
	interval, err := time.ParseDuration(os.Getenv("INTERVAL"))
	if err != nil {
		t.Fatal(err)
	}
	clockIsSet := bufio.NewScanner(os.Stdin)
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		time.Sleep(time.Until(time.UnixMilli(start)))
		client, err := newTerraform(ctx, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
		if err != nil {
			t.Fatal(err)
		}
		for range calls {
			if err := report(moment{Now: time.Now().UnixMilli()}); err != nil {
				t.Fatal(err)
			}
			if !clockIsSet.Scan() {
				t.Fatal("the harness has ended")
			}
			if err := report(whoAmI(ctx, client)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(interval)
		}
	})
}
