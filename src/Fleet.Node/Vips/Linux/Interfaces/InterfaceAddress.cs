using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>An address that an interface of this host has.</summary>
/// <param name="PrefixLength">What it was added with; a VIP has the full length.</param>
/// <param name="HasMark">It carries the mark that Fleet gives to the addresses it adds.</param>
internal sealed record InterfaceAddress(VipAddress Address, int Link, int PrefixLength, bool HasMark);
