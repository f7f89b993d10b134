using System.Net;

namespace Fleet.Node.Vips.Linux.Connections;

/// <summary>A TCP socket of this host, whoever has it.</summary>
/// <param name="Local">Its own address; of an IPv6 socket that serves an IPv4 client the IPv4 address.</param>
/// <param name="Id">By what the kernel knows it.</param>
internal sealed record HostSocket(byte Family, IPAddress Local, byte[] Id);
