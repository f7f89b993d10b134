/*
 * The least a UDP server can do: take up to 64 datagrams in one system call, turn each into a response (QR), send them back in one call.
 * What it answers per second is what the kernel allows a server of this shape. Usage: echo PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, SIZE_MAX_OCTETS = 2048, BUFFER = 4 * 1024 * 1024 };

static char octets[BATCH][SIZE_MAX_OCTETS];
static struct sockaddr_in from[BATCH];
static struct iovec in_vectors[BATCH], out_vectors[BATCH];
static struct mmsghdr in[BATCH], out[BATCH];

int main(int argc, char **argv)
{
    int buffer = BUFFER;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    setsockopt(s, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) != 0) {
        perror("echo");
        return 1;
    }

    for (int i = 0; i < BATCH; i++) {
        in_vectors[i] = (struct iovec){ octets[i], SIZE_MAX_OCTETS };
        out_vectors[i].iov_base = octets[i];
        in[i].msg_hdr = (struct msghdr){ .msg_name = &from[i], .msg_iov = &in_vectors[i], .msg_iovlen = 1 };
        out[i].msg_hdr = (struct msghdr){ .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &out_vectors[i], .msg_iovlen = 1 };
    }

    for (;;) {
        for (int i = 0; i < BATCH; i++)
            in[i].msg_hdr.msg_namelen = sizeof from[i];
        int received = recvmmsg(s, in, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < received; i++) {
            octets[i][2] |= (char)0x80;
            out_vectors[i].iov_len = in[i].msg_len;
        }
        for (int sent = 0; sent < received;) {
            int now = sendmmsg(s, out + sent, received - sent, 0);
            sent += now > 0 ? now : 1;
        }
    }
}
