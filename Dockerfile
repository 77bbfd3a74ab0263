# nhiscan-mcp, the MCP server: a static program that runs as nobody in particular.
#
#   docker build -t nhiscan-mcp .
#   docker run --rm -i nhiscan-mcp --demo
#   docker run --rm -i -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN nhiscan-mcp
#
# -i keeps standard input open, which is how an MCP client talks to it.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The release, as --version and AWS's logs show it; empty for none.
ARG VERSION=""
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/nhiscan-mcp ./cmd/nhiscan-mcp

# It has the root certificates that HTTPS to AWS needs, and no shell.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/nhiscan-mcp /usr/local/bin/nhiscan-mcp
ENTRYPOINT ["/usr/local/bin/nhiscan-mcp"]
