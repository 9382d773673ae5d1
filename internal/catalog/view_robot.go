package catalog

import "strings"

// robotWords are parts of the User-Agents of programs that look at pages by
// themselves: crawlers, makers of link previews, and libraries under their own
// names. In lower case. A browser without a screen is still a browser.
var robotWords = []string{
	"bot", "crawl", "spider", "slurp", "preview", "scraper", "fetcher", "archiver", "monitor", "validator",
	"facebookexternalhit", "facebookcatalog", "meta-external", "whatsapp", "embedly", "iframely", "vkshare", "quora link",
	"mastodon", "pleroma", "misskey", "akkoma", "mediapartners-google", "google-read-aloud", "googleother", "google-inspectiontool",
	"claude-", "perplexity", "lighthouse", "pagespeed", "pingdom", "uptime", "statuscake", "w3c_", "httrack",
	"curl/", "wget", "python", "aiohttp", "httpx", "scrapy", "go-http-client", "java/", "okhttp", "apache-httpclient", "libwww", "lwp",
	"node-fetch", "undici", "axios", "got (", "guzzle", "http.rb", "faraday", "php/", "powershell", "httpie", "postman", "insomnia", "sharex",
}

// robot tells programs from people by what they say they are. Who says nothing is
// a program.
func robot(agent string) bool {
	agent = strings.ToLower(agent)
	if strings.TrimSpace(agent) == "" {
		return true
	}
	agent = strings.ReplaceAll(agent, "cubot", "") // makes telephones
	for _, w := range robotWords {
		if strings.Contains(agent, w) {
			return true
		}
	}
	return false
}
