package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
)

// newSDK returns a client as most Go programs make it. The profile and everything else come from the environment.
func newSDK(ctx context.Context) (*sts.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return sts.NewFromConfig(cfg), nil
}

// newTerraform returns a client as Terraform's AWS provider and S3 backend make it: they too read this variable themselves.
// Without an httpClient, it gets the one that they use.
func newTerraform(ctx context.Context, httpClient *http.Client) (*sts.Client, error) {
	_, cfg, diagnostics := awsbase.GetAwsConfig(ctx, &awsbase.Config{
		CallerName:  "interoperability tests",
		HTTPClient:  httpClient,
		StsEndpoint: os.Getenv("AWS_ENDPOINT_URL_STS"),
	})
	for _, diagnostic := range diagnostics.Errors() {
		return nil, fmt.Errorf("%s: %s", diagnostic.Summary(), diagnostic.Detail())
	}
	return sts.NewFromConfig(cfg), nil
}
