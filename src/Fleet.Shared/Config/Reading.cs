using Fleet.Shared.Hocon;

namespace Fleet.Shared.Config;

/// <summary>How one kind of setting is read: what is allowed, in words for a message, and the attempt itself.</summary>
public sealed record Reading<T>(string Allowed, TryRead<T> Try);

/// <summary>False where the value is not of that kind; never throws.</summary>
public delegate bool TryRead<T>(HoconValue value, out T result);
