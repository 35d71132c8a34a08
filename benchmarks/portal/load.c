/* Asks a server for paths out of a file over kept connections, as fast as it answers or so many a second.
 * load HOST PORT PATHS CONNECTIONS SECONDS [A_SECOND [FROM]] -> "answers errors p50_us p95_us p99_us" */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static int by_value(const void *a, const void *b) { double d = *(double *)a - *(double *)b; return d < 0 ? -1 : d > 0; }

struct one { int fd; double sent; int busy; char held[1 << 20]; size_t got; };

int main(int n, char **v) {
    if (n < 6) return 2;
    int many = atoi(v[4]);
    double until = atof(v[5]), rate = n > 6 ? atof(v[6]) : 0;
    static char paths[65536][64];
    long count = 0, next = 0;
    FILE *in = fopen(v[3], "r");
    while (count < 65536 && in && fscanf(in, "%63s", paths[count]) == 1) count++;
    if (!count) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(v[2]))};
    inet_pton(AF_INET, v[1], &to.sin_addr);
    struct one *all = calloc(many, sizeof *all);
    struct pollfd *ready = calloc(many, sizeof *ready);
    long room = 20000000, done = 0, bad = 0, sent = 0;
    double *took = malloc(room * sizeof *took);
    for (int i = 0; i < many; i++) {
        all[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        int yes = 1;
        setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (n > 7) {
            struct sockaddr_in from = {.sin_family = AF_INET};
            inet_pton(AF_INET, v[7], &from.sin_addr);
            bind(all[i].fd, (struct sockaddr *)&from, sizeof from);
        }
        if (connect(all[i].fd, (struct sockaddr *)&to, sizeof to)) { perror("connect"); return 1; }
        ready[i].fd = all[i].fd; ready[i].events = POLLIN;
    }
    double began = now(), end = began + until;
    while (now() < end) {
        for (int i = 0; i < many; i++) {
            if (all[i].busy || (rate > 0 && sent >= (now() - began) * rate)) continue;
            char ask[256];
            int size = snprintf(ask, sizeof ask, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", paths[next++ % count]);
            if (write(all[i].fd, ask, size) != size) { bad++; continue; }
            all[i].sent = now(); all[i].busy = 1; all[i].got = 0; sent++;
        }
        poll(ready, many, 1);
        for (int i = 0; i < many; i++) {
            if (!(ready[i].revents & (POLLIN | POLLHUP))) continue;
            ssize_t got = read(all[i].fd, all[i].held + all[i].got, sizeof all[i].held - all[i].got - 1);
            if (got <= 0) { fprintf(stderr, "closed\n"); return 1; }
            all[i].got += got; all[i].held[all[i].got] = 0;
            char *head = strstr(all[i].held, "\r\n\r\n");
            if (!head) continue;
            char *said = strcasestr(all[i].held, "content-length:");
            if (said && said < head) {
                if ((size_t)(head + 4 - all[i].held) + atol(said + 15) > all[i].got) continue;
            } else if (memcmp(all[i].held + all[i].got - 5, "0\r\n\r\n", 5)) {
                continue; /* sent in pieces, and the last one has not come */
            }
            if (strncmp(all[i].held, "HTTP/1.1 200", 12)) bad++;
            if (done < room) took[done++] = (now() - all[i].sent) * 1e6;
            all[i].busy = 0;
        }
    }
    qsort(took, done, sizeof *took, by_value);
    printf("%ld %ld %.0f %.0f %.0f\n", done, bad, done ? took[done / 2] : 0, done ? took[done * 95 / 100] : 0,
           done ? took[done * 99 / 100] : 0);
    return 0;
}
