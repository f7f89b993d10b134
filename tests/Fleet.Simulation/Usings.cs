global using Fleet.Testing;
