// Command renewal makes COUNT calls with a profile that its SDK renews, one every INTERVAL seconds, and
// prints a line of JSON per call.
//
//	renewal go|terraform COUNT INTERVAL
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// outcome is a line of output: what a call was, and why it failed.
type outcome struct {
	Operation string `json:"operation"`
	Error     string `json:"error,omitempty"`
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 3 {
		return errors.New("usage: renewal go|terraform COUNT INTERVAL")
	}
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	seconds, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	client, err := newClient(ctx, args[0])
	if err != nil {
		return err
	}
	for range count {
		sleepToHalfSecond(time.Duration(seconds) * time.Second)
		if err := report(whoAmI(ctx, client)); err != nil {
			return err
		}
	}
	return nil
}

func newClient(ctx context.Context, kind string) (*sts.Client, error) {
	switch kind {
	case "go":
		return newSDK(ctx)
	case "terraform":
		return newTerraform(ctx, nil)
	}
	return nil, fmt.Errorf("unknown client %q", kind)
}

// sleepToHalfSecond waits for the next call. Sessions expire at whole seconds, so no call is on its way at that moment.
func sleepToHalfSecond(interval time.Duration) {
	const half = 500 * time.Millisecond
	time.Sleep(time.Until(time.Now().Add(-half).Truncate(interval).Add(interval + half)))
}

func whoAmI(ctx context.Context, client *sts.Client) outcome {
	line := outcome{Operation: "GetCallerIdentity"}
	if _, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err != nil {
		line.Error = err.Error()
	}
	return line
}

func report(line any) error {
	return json.NewEncoder(os.Stdout).Encode(line)
}
